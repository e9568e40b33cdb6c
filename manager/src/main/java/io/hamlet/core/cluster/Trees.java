package io.hamlet.core.cluster;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.Reply;

/** What happens to the tree {@code *}, and to what is kept of lost ones. */
final class Trees {
  private Trees() {}

  static Reply happen(Draft draft, HamEvent event) {
    switch (event) {
      case HamEvent.Requested e -> requested(draft, e);
      case HamEvent.TimePassed e -> {
        draft.toTree(e);
        draft.grafts().keySet().forEach(number -> draft.toGraft(number, e));
        Wishes.expire(draft);
      }
      case HamEvent.Done e -> answered(draft, e.effect(), e);
      case HamEvent.Failed e -> answered(draft, e.effect(), e);
      default -> throw Refused.invalid("that happens to nodes, not to a cluster");
    }
    return Reply.OK;
  }

  private static void requested(Draft draft, HamEvent.Requested e) {
    allowed(e.command());
    if (e.command() instanceof Command.Attach attach
        && draft.tenure(attach.name()) == null
        && draft.tenures().size() >= draft.tree().limits().entities()) {
      throw new Refused(
          Rejection.Reason.LIMIT,
          "there are " + draft.tenures().size() + " entities of the cluster already");
    }
    if (e.command() instanceof Command.Sam sam) {
      Tenures.checkTenant(draft, sam);
    }
    boolean done = draft.toTree(e);
    if (done && e.command() instanceof Command.Resume resume) {
      Wishes.resumed(draft, resume.entity().path().entity());
    }
  }

  private static void answered(Draft draft, EffectId id, HamEvent event) {
    long number = id.entry().epoch();
    if (number == 0) {
      draft.toTree(event);
    } else {
      draft.toGraft(number, event);
    }
  }

  private static void allowed(Command command) {
    switch (command) {
      case Command.AttachSelf c -> throw ofNodes("programs that attach themselves");
      case Command.CreateEntity c -> throw ofNodes("placeholders");
      case Command.OpenChannel c -> throw ofNodes("channels");
      case Command.AcknowledgePulses c -> throw ofNodes("channels");
      case Command.CloseChannel c -> throw ofNodes("channels");
      case Command.HeartbeatControl c -> throw ofNodes("heartbeats");
      case Command.Stop c -> throw Refused.invalid("a cluster is not stopped; stop its nodes");
      case Command.AddAction c -> addressed(c.deed());
      case Command.AddFailItem c -> addressed(c.deed());
      default -> {}
    }
  }

  /** A pid means something on one node only; the entity's own process is where that is. */
  private static void addressed(Deed deed) {
    boolean nowhere =
        switch (deed) {
          case Deed.Pulse p -> p.node().isEmpty();
          case Deed.Signal s -> s.node().isEmpty() && s.process() != null;
          default -> false;
        };
    if (nowhere) {
      throw Refused.invalid(
          "a notification in the cluster tree needs the node of its receiver: '--to-node NODE'");
    }
  }

  private static Refused ofNodes(String what) {
    return Refused.invalid(what + " belong to a node; name it: '--node NODE'");
  }
}

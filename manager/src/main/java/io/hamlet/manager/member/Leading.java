package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterMachine;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.ClusterStep;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.model.Errand;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.ActivityLog;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Notifier;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.runtime.ClusterLoop;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * What the leader does beside leading: it founds the cluster, says in its own term that it leads,
 * and from that entry on performs what the trees want done and tells them the time. What somebody
 * else was to perform it goes on with.
 *
 * <p>Who performs is in the state, so that no two voters at the same entry think they do.
 */
public final class Leading implements ClusterLoop.Part, Ledger.Listener {
  private final Self self;
  private final Ledger ledger;
  private final Sender sender;
  private final Outside outside;
  private final Runnable wake;
  private final ConcurrentLinkedQueue<Done> done = new ConcurrentLinkedQueue<>();
  private final Once founding = new Once();
  private final Once leading = new Once();
  private final Once time = new Once();
  private long resumedTerm;

  /**
   * This node.
   *
   * @param clusterId drawn by this node, for the case that it founds the cluster
   * @param voters that the cluster begins with; asked by the leader, which knows them
   */
  public record Self(
      String node, long pid, String clusterId, Supplier<List<ClusterEvent.Voter>> voters) {}

  /** By what the leader acts. Their answers go to {@link #answers}. */
  public record Outside(Courier courier, Notifier notifier, ActivityLog log) {}

  private record Done(ClusterEntry entry, ClusterStep step) {}

  /**
   * @param outside made with {@link #inbox}
   * @param wake has {@link #due} called soon; any thread
   */
  public Leading(Self self, Ledger ledger, Proposals proposals, Outside outside, Runnable wake) {
    this.self = self;
    this.ledger = ledger;
    this.sender = new Sender(proposals);
    this.outside = outside;
    this.wake = wake;
    ledger.listen(this);
  }

  /** Where what became of effects is posted; each is proposed until it is known in the state. */
  public static Inbox inbox(Proposals proposals) {
    Sender sender = new Sender(proposals);
    return event -> answer(sender, event);
  }

  @Override
  public void applied(long after, ClusterEntry entry, ClusterStep step) {
    done.add(new Done(entry, step));
    wake.run();
  }

  @Override
  public void turned() {
    wake.run();
  }

  @Override
  public long due(long now) {
    long next = Long.MAX_VALUE;
    Ledger.Lead lead = ledger.lead();
    ClusterState state = ledger.state();
    if (lead.own()) {
      next = Math.min(next, establish(state, lead, now));
    }
    for (Done d = done.poll(); d != null; d = done.poll()) {
      if (d.entry().event() instanceof ClusterEvent.Tree(HamEvent.TimePassed passed)) {
        time.settled();
      }
      perform(d, lead);
    }
    if (acts(state, lead)) {
      long deadline = ledger.here(state.nextDeadline());
      next =
          Math.min(
              next,
              deadline > now
                  ? deadline
                  : time.propose(sender, tree(new HamEvent.TimePassed()), now, wake));
    }
    return next;
  }

  private long establish(ClusterState state, Ledger.Lead lead, long now) {
    if (state.id().isEmpty()) {
      return founding.propose(
          sender, new ClusterEvent.Founded(self.clusterId(), self.voters().get()), now, wake);
    }
    if (state.reign().term() < lead.term()) {
      return leading.propose(
          sender, new ClusterEvent.Led(self.node(), lead.term(), self.pid()), now, wake);
    }
    return Long.MAX_VALUE;
  }

  private boolean acts(ClusterState state, Ledger.Lead lead) {
    return lead.reigns(state) && state.reign().node().equals(self.node());
  }

  private void perform(Done d, Ledger.Lead lead) {
    ClusterState after = d.step().state();
    if (!acts(after, lead)) {
      return;
    }
    if (resumedTerm < lead.term()) {
      // All that is under way, also what earlier leaders have begun.
      resumedTerm = lead.term();
      ClusterMachine.resume(after).forEach(e -> perform(e, after));
    } else {
      d.step().effects().forEach(e -> perform(e, after));
    }
  }

  private void perform(Effect effect, ClusterState state) {
    switch (effect) {
      case Effect.Ask ask -> ask(ask, state);
      case Effect.AwaitPath await -> outside.notifier().awaitPath(await);
      case Effect.Forget forget -> outside.notifier().forget(forget);
      case Effect.WriteLog line -> outside.log().write(line);
      // What is told and answered is so at every node that applies.
      case Effect.Announce a -> {}
      case Effect.Answer a -> {}
      default -> throw new IllegalStateException("nothing that a cluster wants done: " + effect);
    }
  }

  private void ask(Effect.Ask ask, ClusterState state) {
    Node node = state.nodes().get(ask.errand().node());
    if (node == null || node.standing() != Node.Standing.UP) {
      String why = "node '" + ask.errand().node() + "' is not there";
      answer(sender, new HamEvent.Failed(ask.id(), why));
    } else if (node.booted() > ask.id().entry().index()) {
      // Asked by a leader before, it may have been done; the time of the cluster stood still
      // between the two, and cannot tell.
      answer(sender, new HamEvent.Failed(ask.id(), Errand.beganAnew(node.name())));
    } else {
      long expires = ledger.here(ask.expires());
      outside
          .courier()
          .ask(new Effect.Ask(ask.id(), ask.errand(), expires, ask.repeated(), node.boot()));
    }
  }

  /** Lost on the way it is asked for again by the next leader, or expires. */
  private static void answer(Sender sender, HamEvent event) {
    sender.send(tree(event)).exceptionally(failure -> null);
  }

  private static ClusterEvent tree(HamEvent event) {
    return new ClusterEvent.Tree(event);
  }
}

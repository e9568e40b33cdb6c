package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.sam.SamCall;
import java.time.Duration;
import java.util.List;

/**
 * Entities of the cluster that this node runs under a grant (architecture.md 4): they come and go
 * with it, and start only while the node has the right to run them.
 */
final class Tenants {
  static final String USED_UP = "its grant has no more tokens";
  private static final String NO_RIGHT = "no right to run";

  private Tenants() {}

  static void granted(Turn turn, HamEvent.Granted g) {
    if (turn.isOfCluster() || turn.stopping() || !Grant.fits(g.name())) {
      return;
    }
    Entity here = turn.entity(Grant.local(g.name()));
    if (here != null) {
      redefined(turn, here, g);
    } else if (g.grant().index() > turn.granted()
        && turn.entities().size() < turn.limits().entities()) {
      turn.granted(g.grant().index());
      Entity born = Attachments.born(turn, Grant.local(g.name()));
      turn.put(LocalForm.of(turn, born, g));
      turn.announce(ObjectPath.of(born.name()), "granted", "", "grant " + g.grant().index());
      start(turn, born.name());
    }
  }

  /** A new definition, for the next start; not while its actions are under way. */
  private static void redefined(Turn turn, Entity here, HamEvent.Granted g) {
    boolean newer =
        here.grant().index() == g.grant().index()
            && here.grant().incarnation() == g.grant().incarnation()
            && here.grant().version() < g.grant().version();
    if (newer && !Quells.isLeaving(turn, here) && isIdle(turn, here)) {
      turn.put(LocalForm.of(turn, here, g));
      Lives.noteUnseen(turn, here.name());
      if (!g.grant().keep() && mustWait(turn, here) && !Quells.isQuelled(turn, here)) {
        // It was one to keep, and is none any more.
        Quells.begin(turn, turn.entity(here.name()), "", Duration.ZERO);
      }
    }
  }

  private static boolean isIdle(Turn turn, Entity e) {
    return e.deaths().isEmpty()
        && !(e.life() instanceof Life.Starting)
        && turn.lanes().values().stream()
            .noneMatch(lane -> lane.stream().anyMatch(o -> o.entityUid() == e.uid()));
  }

  static void revoked(Turn turn, HamEvent.Revoked r) {
    Entity e = here(turn, r.name());
    if (e == null || e.grant().index() != r.grant()) {
      // News of it may still be on its way; it comes too late from now on.
      turn.granted(Math.max(turn.granted(), r.grant()));
      return;
    }
    if (Quells.isLeaving(turn, e)) {
      return;
    }
    leave(turn, e, r.why(), r.grace());
  }

  /** The node stops in good order, which ends its grants (architecture.md 4, goodbye). */
  static void stopping(Turn turn, Duration grace) {
    for (Entity e : List.copyOf(turn.entities().values())) {
      if (e.grant() != null && !Quells.isLeaving(turn, e)) {
        leave(turn, e, "the node stops", grace);
      }
    }
  }

  private static void leave(Turn turn, Entity e, String why, Duration grace) {
    turn.announce(ObjectPath.of(e.name()), "revoked", why, "grant " + e.grant().index());
    Quells.begin(turn, e, why, grace);
  }

  static void rightLost(Turn turn, HamEvent.RightLost l) {
    if (turn.right() == 0) {
      return;
    }
    turn.right(0);
    for (Entity e : List.copyOf(turn.entities().values())) {
      boolean starts = e.life() instanceof Life.Starting;
      boolean rests = e.life() instanceof Life.Stopped || e.life() instanceof Life.GaveUp;
      if (e.grant() != null && !rests && (starts || !e.grant().keep())) {
        turn.announce(ObjectPath.of(e.name()), "quorum-lost", l.why(), "");
        Quells.begin(turn, e, "", l.grace());
      }
    }
  }

  static void rightGained(Turn turn, HamEvent.RightGained g) {
    if (turn.right() != g.incarnation()) {
      rightLost(turn, new HamEvent.RightLost("another incarnation", Duration.ZERO));
    }
    turn.right(g.incarnation());
    for (Entity e : List.copyOf(turn.entities().values())) {
      boolean waits = e.grant() != null && e.life() instanceof Life.Stopped;
      if (waits && !mustWait(turn, e) && !Quells.isQuelled(turn, e)) {
        turn.announce(ObjectPath.of(e.name()), "quorum-gained", "", "");
        start(turn, e.name());
      }
    }
  }

  /** A start that was refused waits for the right, as if it had never begun. */
  static void denied(Turn turn, HamEvent.Denied d) {
    Entity e = starting(turn, d.effect());
    if (e != null) {
      Life.Starting s = (Life.Starting) e.life();
      turn.put(e.withLife(new Life.Stopped(s.number())));
      Starts.cancel(turn, d.effect(), NO_RIGHT);
      turn.announce(ObjectPath.of(e.name()), "start-denied", NO_RIGHT, d.why());
    }
  }

  private static Entity starting(Turn turn, EffectId id) {
    for (Entity e : turn.entities().values()) {
      if (e.grant() != null && e.life() instanceof Life.Starting s && s.effect().equals(id)) {
        return e;
      }
    }
    return null;
  }

  /** True if it is the cluster's and the node has no right to run it now. */
  static boolean mustWait(Turn turn, Entity e) {
    return e.grant() != null && (turn.right() != e.grant().incarnation() || turn.stopping());
  }

  /** Lets it wait for the right, with nothing left of it; returns what is to be said of that. */
  static String waits(Turn turn, Name name) {
    Quells.begin(turn, turn.entity(name), "", Duration.ZERO);
    return NO_RIGHT;
  }

  /** It is not started here again: what is left of it is ended, so that another node can run it. */
  static void gaveUp(Turn turn, Name name) {
    Entity e = turn.entity(name);
    if (e.grant() != null && !Quells.isQuelled(turn, e)) {
      Quells.begin(turn, e, "", Duration.ZERO);
    }
  }

  /** Nothing is left of it. */
  static void ended(Turn turn, Name name) {
    Entity e = turn.entity(name);
    if (e.life() instanceof Life.Stopped && !mustWait(turn, e)) {
      start(turn, name);
    }
  }

  /**
   * Every process of the old boot is gone, and with it the incarnation that was granted anything.
   */
  static void rebooted(Turn turn) {
    turn.right(0);
    // A cluster that was founded anew counts its grants from the beginning.
    turn.granted(0);
    for (Entity e : List.copyOf(turn.entities().values())) {
      if (e.grant() != null) {
        Quells.gone(turn, e, "REBOOT");
      }
    }
  }

  private static void start(Turn turn, Name name) {
    Entity e = turn.entity(name);
    ProcessSpec spec = e.spec();
    String never = spec == null ? "it has no command" : isUsedUp(e) ? USED_UP : "";
    if (!never.isEmpty()) {
      turn.put(e.withLife(new Life.GaveUp(e.stats().starts(), ProcessId.NONE, "")));
      turn.announce(ObjectPath.of(name), "given-up", "start failed", never);
    } else if (mustWait(turn, e)) {
      waits(turn, name);
    } else {
      Starts.begin(turn, name, spec, null, new OpenEffect.Purpose.ForResume(name, e.uid(), true));
    }
  }

  /** Another start would have the token of another grant, or a lower one. */
  static boolean isUsedUp(Entity e) {
    return e.grant() != null && e.stats().starts() >= Grant.MOST_STARTS;
  }

  /** The entity of the cluster with this name that runs here, or null. */
  static Entity here(Turn turn, Name plain) {
    Entity e = Grant.fits(plain) ? turn.entity(Grant.local(plain)) : null;
    return e != null && e.grant() != null ? e : null;
  }

  /** What belongs to the cluster is changed in its tree, and names like its own are not given. */
  static void refuse(Turn turn, Command command) {
    switch (command) {
      case Command.Attach c -> reserved(c.name());
      case Command.AttachSelf c -> reserved(c.name());
      case Command.CreateEntity c -> reserved(c.name());
      case Command.Sam c when c.call() instanceof SamCall.Launch -> reserved(c.program());
      case Command.Sam c when c.call() instanceof SamCall.Initialize -> {
        Entity e = turn.entity(c.program());
        if (e == null || e.grant() == null) {
          reserved(c.program());
        }
      }
      case Command.Detach c -> clusters(turn, c.entity().path());
      case Command.Control c when c.verb() == Command.ControlVerb.GET_FLAGS -> {}
      case Command.Control c -> clusters(turn, c.target().path());
      case Command.AddCondition c -> clusters(turn, c.entity().path());
      case Command.AddAction c -> clusters(turn, c.condition().path());
      case Command.AddFailItem c -> clusters(turn, c.action().path());
      case Command.RemoveFailItem c -> clusters(turn, c.action().path());
      case Command.Remove c -> clusters(turn, c.target().path());
      case Command.Resume c -> clusters(turn, c.entity().path());
      default -> {}
    }
  }

  private static void reserved(Name name) {
    if (Grant.isLocal(name)) {
      throw Refused.invalid("names that begin with '*' are the cluster's; choose another");
    }
  }

  private static void clusters(Turn turn, ObjectPath path) {
    Entity named = turn.entity(path.entity());
    Entity found = named == null ? here(turn, path.entity()) : named;
    if (found != null && found.grant() != null) {
      throw new Refused(
          Rejection.Reason.INVALID,
          "'"
              + Grant.plain(found.name())
              + "' belongs to the cluster; change it there, with --node '*'");
    }
  }
}

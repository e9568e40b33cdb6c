package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pcollections.TreePMap;

/** A manager begins to act: what it finds, and what it must have done again (ham.md 1.11). */
final class Reign {
  private Reign() {}

  static void tookOver(Turn turn, HamEvent.TookOver t) {
    if (turn.isOfCluster()) {
      leads(turn, t);
      return;
    }
    HamState.Pair old = turn.pair();
    Moment guardianSince = t.guardianPid() == 0 ? null : turn.at();
    turn.pair(
        new HamState.Pair(
            t.hamPid(),
            t.guardianPid(),
            old.hamFailures() + (t.failure() ? 1 : 0),
            old.guardianFailures(),
            turn.at(),
            guardianSince));
    if (!t.failure()) {
      // Times relative to the start of the HAM count from here, over any number of takeovers.
      turn.put(turn.entity(Name.GLOBAL).withStats(Entity.Stats.born(turn.at())));
    }
    boolean firstBoot = turn.boot().isEmpty();
    boolean newBoot = !firstBoot && !turn.boot().equals(t.boot());
    turn.boot(t.boot());
    turn.announce(
        "", "taken-over", newBoot ? "REBOOT" : t.failure() ? "failure" : "", "HAM " + t.hamPid());
    if (firstBoot || newBoot) {
      turn.errands(turn.errands().rebooted(turn.at().bootNanos()));
    }
    if (newBoot) {
      Tenants.rebooted(turn);
      rebooted(turn);
    } else {
      Errands.dropLate(turn);
      repeats(turn);
    }
    Stopping.afterTakeover(turn, newBoot);
  }

  /** Another voter performs what the cluster's trees want done. Their time goes on. */
  private static void leads(Turn turn, HamEvent.TookOver t) {
    boolean first = turn.boot().isEmpty();
    turn.pair(
        new HamState.Pair(
            t.hamPid(), 0, turn.pair().hamFailures() + (first ? 0 : 1), 0, turn.at(), null));
    turn.boot(t.node());
    turn.announce("", "taken-over", "", t.node() + " leads");
    repeats(turn);
  }

  static void guardianChanged(Turn turn, HamEvent.GuardianChanged g) {
    HamState.Pair old = turn.pair();
    turn.pair(
        new HamState.Pair(
            old.hamPid(),
            g.guardianPid(),
            old.hamFailures(),
            old.guardianFailures() + (g.failure() ? 1 : 0),
            old.since(),
            g.guardianPid() == 0 ? null : turn.at()));
    if (g.failure()) {
      turn.announce("", "guardian-lost", "", g.guardianPid() == 0 ? "none stands by" : "replaced");
    }
  }

  static List<Effect> resume(HamState state) {
    List<Effect> effects = new ArrayList<>();
    if (state.beatsSuspended()) {
      effects.add(new Effect.SuspendBeats(true));
    }
    for (Entity e : state.entities().values()) {
      if (e.life() instanceof Life.Up up) {
        effects.add(new Effect.Watch(e.name(), e.uid(), up.number(), up.process(), up.home()));
        if (e.heartbeat() != null) {
          effects.add(new Effect.WatchBeats(e.name(), e.uid(), up.number(), e.heartbeat()));
        }
      }
    }
    effects.addAll(Sams.resume(state));
    effects.addAll(Stopping.resume(state));
    for (Map.Entry<EffectId, OpenEffect> open : state.open().entrySet()) {
      again(effects, open.getKey(), open.getValue());
    }
    for (Map.Entry<ChannelId, Channel> channel : state.channels().entrySet()) {
      if (!channel.getValue().pulses().isEmpty()) {
        ChannelId id = channel.getKey();
        effects.add(new Effect.PulsesWaiting(id.pid(), id.channel()));
      }
    }
    return effects;
  }

  private static void again(List<Effect> effects, EffectId id, OpenEffect open) {
    switch (open.work()) {
      case OpenEffect.Work.Start start ->
          effects.add(
              start.gate() == null
                  ? Starts.prepare(id, open.purpose(), start)
                  : Starts.go(id, start, true));
      case OpenEffect.Work.Wait wait -> {
        if (!wait.path().isEmpty()) {
          effects.add(new Effect.AwaitPath(id, wait.path()));
        }
      }
      case OpenEffect.Work.Signalling s ->
          effects.add(new Effect.Signal(id, s.process(), s.signal(), s.code(), s.value()));
      case OpenEffect.Work.Asking a -> effects.add(Asks.ask(id, a, true));
      case OpenEffect.Work.Quelling q -> effects.add(Quells.effect(id, q));
      case OpenEffect.Work.Delay d -> {
        // Its deadline is in the state.
      }
    }
  }

  /**
   * Notifications in flight may reach their receiver twice, and say so; a command that was sent on
   * its way is never repeated, and it will be said that nobody saw how it fared (architecture.md
   * 2).
   */
  private static void repeats(Turn turn) {
    for (Map.Entry<EffectId, OpenEffect> open : turn.allOpen().entrySet()) {
      EffectId id = open.getKey();
      switch (open.getValue().work()) {
        case OpenEffect.Work.Signalling s ->
            turn.announce("", "repeat", "signal " + s.signal(), "effect " + id + " sent again");
        case OpenEffect.Work.Start s -> {
          if (s.gate() != null) {
            turn.open(id, open.getValue().purpose(), s.doubted());
          }
        }
        // To end what has ended does nothing.
        case OpenEffect.Work.Quelling q -> {}
        // Whoever is asked does it once, however often.
        case OpenEffect.Work.Asking a -> {}
        case OpenEffect.Work.Wait w -> {}
        case OpenEffect.Work.Delay d -> {}
      }
    }
  }

  /** Every process of the old boot is gone, and its clock means nothing now. */
  private static void rebooted(Turn turn) {
    turn.channels(TreePMap.empty());
    Sams.rebooted(turn);
    turn.dropAllDeadlines();
    List<Entity> all = List.copyOf(turn.entities().values());
    for (Entity e : all) {
      turn.put(turn.entity(e.name()).withTally(Tally.EMPTY));
    }
    for (Map.Entry<EffectId, OpenEffect> open : turn.allOpen().entrySet()) {
      afterReboot(turn, open.getKey(), open.getValue());
    }
    for (Entity e : all) {
      Entity now = turn.entity(e.name(), e.uid());
      if (now == null) {
        continue;
      }
      if (now.life() instanceof Life.Up up) {
        if (now.enabled()) {
          Lives.die(turn, now, up.process(), up.number(), up.home(), Exit.REBOOT);
        } else {
          turn.put(
              now.withLife(new Life.DiedUnseen(up.process(), up.number(), up.home(), Exit.REBOOT)));
        }
      }
    }
  }

  private static void afterReboot(Turn turn, EffectId id, OpenEffect open) {
    long now = turn.at().bootNanos();
    switch (open.work()) {
      case OpenEffect.Work.Start start -> {
        boolean forOther = open.purpose() instanceof OpenEffect.Purpose.ForErrand;
        if (start.entity() != 0 || (start.gate() == null && !forOther)) {
          Starts.again(turn, id, start.withoutRemains());
        } else {
          Starts.failed(turn, new HamEvent.Failed(id, "outcome unknown: the host rebooted"));
        }
      }
      case OpenEffect.Work.Wait wait -> {
        if (wait.untilBoot() != Long.MAX_VALUE) {
          turn.open(id, open.purpose(), new OpenEffect.Work.Wait(wait.path(), now));
          turn.wakeAt(now, id);
        }
      }
      case OpenEffect.Work.Delay d -> {
        turn.open(id, open.purpose(), new OpenEffect.Work.Delay(now));
        turn.wakeAt(now, id);
      }
      case OpenEffect.Work.Signalling s ->
          Lanes.failed(turn, id, "its receiver is gone: the host rebooted");
      case OpenEffect.Work.Asking a -> Lanes.failed(turn, id, "outcome unknown: the host rebooted");
      case OpenEffect.Work.Quelling q -> throw new IllegalStateException("gone already: " + open);
    }
  }
}

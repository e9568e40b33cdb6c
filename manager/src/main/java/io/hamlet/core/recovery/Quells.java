package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Entities of the cluster that are being ended here, with all that they brought forth and without
 * any condition becoming true. Only when the host says that nothing is left is it believed.
 */
final class Quells {
  private Quells() {}

  /**
   * Ends an entity; one that is being ended already then leaves as well, or has less grace.
   *
   * @param leaves why it leaves this tree afterwards; empty: it stays
   */
  static void begin(Turn turn, Entity e, String leaves, Duration grace) {
    EffectId under = open(turn, e);
    if (under != null) {
      hurry(turn, under, leaves, grace);
      return;
    }
    List<Effect.Remains> those = those(turn, e);
    halt(turn, e);
    if (those.isEmpty()) {
      finish(turn, turn.entity(e.name()), leaves);
      return;
    }
    EffectId id = turn.newEffect();
    OpenEffect.Work.Quelling work = new OpenEffect.Work.Quelling(those, grace.toNanos(), "");
    turn.open(id, new OpenEffect.Purpose.ForQuell(e.name(), e.uid(), leaves), work);
    turn.emit(effect(id, work));
  }

  private static void hurry(Turn turn, EffectId id, String leaves, Duration grace) {
    OpenEffect old = turn.opened(id);
    OpenEffect.Purpose.ForQuell purpose = (OpenEffect.Purpose.ForQuell) old.purpose();
    OpenEffect.Work.Quelling work = (OpenEffect.Work.Quelling) old.work();
    boolean shorter = grace.toNanos() < work.graceNanos();
    OpenEffect.Work.Quelling now =
        shorter ? new OpenEffect.Work.Quelling(work.those(), grace.toNanos(), work.stuck()) : work;
    String leaving = purpose.leaves().isEmpty() ? leaves : purpose.leaves();
    turn.open(id, new OpenEffect.Purpose.ForQuell(purpose.entity(), purpose.uid(), leaving), now);
    if (shorter) {
      turn.emit(effect(id, now));
    }
  }

  /** All that may live of it: its process or its gate, and what earlier ones left. */
  private static List<Effect.Remains> those(Turn turn, Entity e) {
    List<Effect.Remains> those = new ArrayList<>();
    switch (e.life()) {
      case Life.Up up -> add(those, up.process(), up.home());
      case Life.Starting s -> {
        OpenEffect.Work.Start work = (OpenEffect.Work.Start) turn.opened(s.effect()).work();
        if (work.gate() != null) {
          add(those, work.gate(), work.home());
        }
        if (work.remains() != null) {
          add(those, work.remains().process(), work.remains().home());
        }
      }
      case Life.DiedUnseen d -> add(those, d.process(), d.home());
      case Life.GaveUp g -> add(those, g.process(), g.home());
      case Life.None n -> {}
      case Life.Stopped s -> {}
    }
    e.deaths().forEach(death -> add(those, death.process(), death.home()));
    return those;
  }

  private static void add(List<Effect.Remains> those, ProcessId process, String home) {
    Effect.Remains one = new Effect.Remains(process, home);
    if (!process.equals(ProcessId.NONE) && !those.contains(one)) {
      those.add(one);
    }
  }

  /** Nothing is started for it from here on, and its beats do not count. */
  private static void halt(Turn turn, Entity e) {
    if (e.life() instanceof Life.Up up) {
      Lives.endBeats(turn, e, up.number());
      turn.put(e.withHeartbeat(null));
    } else if (!(e.life() instanceof Life.GaveUp)) {
      turn.put(e.withLife(new Life.Stopped(e.stats().starts())).withHeartbeat(null));
    }
    if (e.life() instanceof Life.Starting s) {
      Starts.cancel(turn, s.effect(), "no right to run");
    }
    Lanes.endDelays(turn, e.uid(), "no right to run");
  }

  /** The host has answered. */
  static void answered(
      Turn turn, EffectId id, OpenEffect open, OpenEffect.Work.Quelling work, Outcome outcome) {
    OpenEffect.Purpose.ForQuell purpose = (OpenEffect.Purpose.ForQuell) open.purpose();
    if (outcome instanceof Outcome.Failed failed) {
      if (!work.stuck().equals(failed.why())) {
        turn.open(
            id,
            purpose,
            new OpenEffect.Work.Quelling(work.those(), work.graceNanos(), failed.why()));
        turn.announce(ObjectPath.of(purpose.entity()), "stuck", failed.why(), "");
      }
      return;
    }
    turn.close(id);
    finish(turn, turn.entity(purpose.entity(), purpose.uid()), purpose.leaves());
  }

  private static void finish(Turn turn, Entity e, String leaves) {
    if (!leaves.isEmpty()) {
      gone(turn, e, leaves);
      return;
    }
    turn.put(forgotten(e));
    if (e.life() instanceof Life.Up up) {
      // Its death was not told yet, and would be news of nothing.
      turn.emit(new Effect.Unwatch(e.uid(), up.number()));
    }
    Tenants.ended(turn, e.name());
  }

  /** As it is when nothing is left of any of its processes. */
  private static Entity forgotten(Entity e) {
    Life life =
        e.life() instanceof Life.GaveUp g
            ? new Life.GaveUp(g.number(), ProcessId.NONE, "")
            : new Life.Stopped(e.stats().starts());
    return e.withLife(life)
        .withDeaths(
            e.deaths().stream()
                .map(
                    d ->
                        new Entity.PendingDeath(
                            d.life(), d.open(), d.restarted(), ProcessId.NONE, ""))
                .toList());
  }

  /** It leaves this tree. */
  static void gone(Turn turn, Entity e, String why) {
    EffectId under = open(turn, e);
    if (under != null) {
      turn.close(under);
    }
    if (e.life() instanceof Life.Up up) {
      turn.emit(new Effect.Unwatch(e.uid(), up.number()));
    }
    halt(turn, e);
    turn.removeEntity(e.name());
    Lanes.dropWaits(turn);
    turn.announce(ObjectPath.of(e.name()), "removed", why, "");
  }

  static boolean isQuelled(Turn turn, Entity e) {
    return e.grant() != null && open(turn, e) != null;
  }

  /** True if it leaves this tree when it has ended. */
  static boolean isLeaving(Turn turn, Entity e) {
    EffectId id = open(turn, e);
    return id != null
        && !((OpenEffect.Purpose.ForQuell) turn.opened(id).purpose()).leaves().isEmpty();
  }

  static boolean any(Turn turn) {
    return turn.allOpen().values().stream()
        .anyMatch(o -> o.purpose() instanceof OpenEffect.Purpose.ForQuell);
  }

  static Effect effect(EffectId id, OpenEffect.Work.Quelling work) {
    return new Effect.Quell(id, work.those(), Duration.ofNanos(work.graceNanos()));
  }

  private static EffectId open(Turn turn, Entity e) {
    for (Map.Entry<EffectId, OpenEffect> one : turn.allOpen().entrySet()) {
      if (one.getValue().purpose() instanceof OpenEffect.Purpose.ForQuell q && q.uid() == e.uid()) {
        return one.getKey();
      }
    }
    return null;
  }
}

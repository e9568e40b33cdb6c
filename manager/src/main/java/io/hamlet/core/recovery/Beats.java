package io.hamlet.core.recovery;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;

/** What of the heartbeats is worth remembering: marks reached, and health (ham.md 5). */
final class Beats {
  private Beats() {}

  static void missed(Turn turn, HamEvent.BeatsMissed b) {
    Entity e = turn.entity(b.entity(), b.uid());
    boolean current =
        e != null
            && e.heartbeat() != null
            && e.life() instanceof Life.Up up
            && up.number() == b.life();
    if (!current || !e.enabled() || turn.beatsSuspended()) {
      return;
    }
    Heartbeat.Health old = e.heartbeat().health();
    Heartbeat.Health now = b.high() ? Heartbeat.Health.MISSED_HIGH : Heartbeat.Health.MISSED_LOW;
    if (old.compareTo(now) >= 0) {
      return;
    }
    // The misses up to the low mark were counted when it was reached.
    int counted = old == Heartbeat.Health.MISSED_LOW ? e.heartbeat().lowMark() : 0;
    turn.put(
        e.withHeartbeat(e.heartbeat().withHealth(now))
            .withStats(e.stats().plusMissed(Math.max(0, b.misses() - counted))));
    ConditionType type = b.high() ? ConditionType.BEAT_MISSED_HIGH : ConditionType.BEAT_MISSED_LOW;
    String reason = b.misses() + " missed";
    turn.announce(ObjectPath.of(e.name()), type.word(), reason, "");
    Triggers.fire(turn, e.name(), type, Triggers.NO_FACT, reason);
  }

  /** The heartbeat_healthy action. */
  static void heal(Turn turn, Name name, long uid) {
    Entity e = turn.entity(name, uid);
    if (e == null || e.heartbeat() == null || !(e.life() instanceof Life.Up up)) {
      return;
    }
    turn.put(e.withHeartbeat(e.heartbeat().withHealth(Heartbeat.Health.OK)));
    turn.emit(new Effect.HealBeats(uid, up.number()));
    turn.announce(ObjectPath.of(name), "healthy", "", "");
  }

  /** Misses while the entity was disabled are lost, not remembered. */
  static void countAnew(Turn turn, Name name) {
    Entity e = turn.entity(name);
    if (e != null && e.heartbeat() != null && e.life() instanceof Life.Up up) {
      turn.emit(new Effect.WatchBeats(e.name(), e.uid(), up.number(), e.heartbeat()));
    }
  }

  static Reply control(Turn turn, Command.HeartbeatVerb verb) {
    boolean before = turn.beatsSuspended();
    boolean after =
        switch (verb) {
          case SUSPEND -> true;
          case ACTIVE -> false;
          case QUERY -> before;
        };
    if (after != before) {
      turn.beatsSuspended(after);
      turn.emit(new Effect.SuspendBeats(after));
    }
    return new Reply.Number(before ? 1 : 0);
  }
}

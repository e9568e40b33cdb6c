package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;

/** What happens when a time has come. */
final class Deadlines {
  private Deadlines() {}

  static void passed(Turn turn) {
    if (turn.stopping()) {
      return;
    }
    for (EffectId id = turn.takeDue(); id != null; id = turn.takeDue()) {
      OpenEffect open = turn.opened(id);
      if (open == null) {
        continue;
      }
      if (open.work() instanceof OpenEffect.Work.Asking asking) {
        Asks.unanswered(turn, id, asking);
      } else if (open.purpose() instanceof OpenEffect.Purpose.ForSam sam) {
        Sams.due(turn, id, sam);
      } else if (open.purpose() instanceof OpenEffect.Purpose.ForLane forLane) {
        due(turn, id, open, forLane);
      }
    }
  }

  /** Ends a wait before its time. */
  static void cancel(Turn turn, EffectId id, OpenEffect.Work.Wait wait) {
    turn.close(id);
    turn.dropDeadline(wait.untilBoot(), id);
    if (!wait.path().isEmpty()) {
      turn.emit(new Effect.Forget(id));
    }
  }

  private static void due(
      Turn turn, EffectId id, OpenEffect open, OpenEffect.Purpose.ForLane forLane) {
    switch (open.work()) {
      case OpenEffect.Work.Wait wait -> {
        if (wait.path().isEmpty()) {
          Lanes.done(turn, id);
        } else {
          turn.emit(new Effect.Forget(id));
          Lanes.failed(turn, id, "'" + wait.path() + "' did not appear in time");
        }
      }
      case OpenEffect.Work.Delay d -> {
        turn.close(id);
        Restarts.delayOver(turn, forLane.lane());
      }
      case OpenEffect.Work.Start s -> throw new IllegalStateException("no deadline: " + s);
      case OpenEffect.Work.Signalling s -> throw new IllegalStateException("no deadline: " + s);
      case OpenEffect.Work.Asking a -> throw new IllegalStateException("seen before: " + a);
      case OpenEffect.Work.Quelling q -> throw new IllegalStateException("no deadline: " + q);
    }
  }
}

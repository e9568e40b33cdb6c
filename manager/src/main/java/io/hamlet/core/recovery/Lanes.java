package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Lane;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * Runs the actions of true conditions: one after the other within a lane, lanes beside each other
 * (ham.md 1.6, 1.7).
 */
final class Lanes {
  private Lanes() {}

  /** Puts a true condition at the end of its lane; false when the lane is full. */
  static boolean enqueue(Turn turn, Entity holder, Condition condition, Trigger why) {
    Lane lane = condition.lane();
    PVector<Occurrence> queue = turn.lane(lane);
    if (queue == null) {
      queue = TreePVector.empty();
    }
    if (queue.size() >= turn.limits().queuedOccurrences()) {
      turn.announce(
          ObjectPath.of(holder.name(), condition.name()),
          "action-failed",
          "queue full",
          queue.size() + " true conditions wait already; this one is lost");
      return false;
    }
    Occurrence occurrence =
        new Occurrence(
            holder.name(), holder.uid(), condition.name(), condition.uid(), why, 0, null);
    turn.putLane(lane, queue.plus(occurrence));
    turn.stir(lane);
    return true;
  }

  /** Lets every lane that something happened to go on as far as it can. */
  static void settle(Turn turn) {
    if (turn.stopping()) {
      // What is not done yet is done when the node returns.
      return;
    }
    for (Lane lane = turn.nextStirred(); lane != null; lane = turn.nextStirred()) {
      advance(turn, lane);
    }
  }

  /** Lets every lane go on that was left standing by an orderly stop. */
  static void stirAll(Turn turn) {
    turn.lanes().keySet().forEach(turn::stir);
  }

  /** The action in flight is begun again when its lane goes on. */
  static void postpone(Turn turn, Lane lane) {
    Occurrence head = turn.lane(lane).getFirst();
    putHead(turn, lane, head.with(head.running().actionUid() - 1, null));
  }

  /** The effect in flight of this lane succeeded. */
  static void succeeded(Turn turn, Lane lane) {
    succeeded(turn, lane, "");
  }

  static void succeeded(Turn turn, Lane lane, String note) {
    settleRunning(turn, lane, new Outcome.Done(note));
  }

  static void failed(Turn turn, Lane lane, String why, boolean keep) {
    settleRunning(turn, lane, new Outcome.Failed(why, keep));
  }

  static void done(Turn turn, EffectId id) {
    close(turn, id, new Outcome.Done());
  }

  static void failed(Turn turn, EffectId id, String why) {
    close(turn, id, new Outcome.Failed(why, false));
  }

  static void failed(Turn turn, HamEvent.Failed f) {
    close(turn, f.effect(), new Outcome.Failed(f.why(), false, f.done()));
  }

  /** The effect in flight of a lane is replaced by another one for the same action. */
  static void replaceEffect(Turn turn, Lane lane, EffectId id) {
    Occurrence head = turn.lane(lane).getFirst();
    Occurrence.Running r = head.running();
    putHead(
        turn,
        lane,
        head.with(head.after(), new Occurrence.Running(r.actionUid(), r.failItem(), id, 0)));
  }

  /** Ends the wait of occurrences whose condition or entity is gone. */
  static void dropWaits(Turn turn) {
    for (Lane lane : turn.lanes().keySet()) {
      Occurrence head = turn.lane(lane).getFirst();
      if (head.running() == null || condition(turn, head) != null) {
        continue;
      }
      OpenEffect open = turn.opened(head.running().effect());
      if (open != null && open.work() instanceof OpenEffect.Work.Wait wait) {
        Deadlines.cancel(turn, head.running().effect(), wait);
        putHead(turn, lane, head.with(head.after(), null));
        turn.stir(lane);
      }
    }
  }

  /** An entity that is ended waits for no back-off. */
  static void endDelays(Turn turn, long uid, String why) {
    for (Lane lane : turn.lanes().keySet()) {
      Occurrence head = turn.lane(lane).getFirst();
      if (head.running() == null || head.entityUid() != uid) {
        continue;
      }
      EffectId id = head.running().effect();
      OpenEffect open = turn.opened(id);
      if (open != null && open.work() instanceof OpenEffect.Work.Delay delay) {
        turn.close(id);
        turn.dropDeadline(delay.untilBoot(), id);
        succeeded(turn, lane, why);
      }
    }
  }

  private static void close(Turn turn, EffectId id, Outcome outcome) {
    OpenEffect open = turn.opened(id);
    if (open == null || open.purpose() instanceof OpenEffect.Purpose.ForStop) {
      return;
    }
    if (open.purpose() instanceof OpenEffect.Purpose.ForSam
        && open.work() instanceof OpenEffect.Work.Wait) {
      // Only its time ends it.
      return;
    }
    switch (open.work()) {
      case OpenEffect.Work.Wait wait -> turn.dropDeadline(wait.untilBoot(), id);
      case OpenEffect.Work.Signalling s -> {}
      case OpenEffect.Work.Asking a -> turn.dropDeadline(a.untilBoot(), id);
      // These are answered by Started and TimePassed only.
      case OpenEffect.Work.Start s -> {
        return;
      }
      case OpenEffect.Work.Delay d -> {
        return;
      }
      case OpenEffect.Work.Quelling q -> {
        Quells.answered(turn, id, open, q, outcome);
        return;
      }
    }
    turn.close(id);
    switch (open.purpose()) {
      case OpenEffect.Purpose.ForLane l -> settleRunning(turn, l.lane(), outcome);
      case OpenEffect.Purpose.ForErrand e -> Errands.settle(turn, e.id(), outcome);
      case OpenEffect.Purpose.ForNow n -> Asks.told(turn, n, outcome);
      case OpenEffect.Purpose.ForSam s -> {
        // Whether a signal arrived shows in what the process does.
      }
      case OpenEffect.Purpose.ForAttach a -> throw new IllegalStateException("no start: " + open);
      case OpenEffect.Purpose.ForResume r -> throw new IllegalStateException("no start: " + open);
      case OpenEffect.Purpose.ForStop s -> throw new IllegalStateException("unreachable: " + open);
      case OpenEffect.Purpose.ForQuell q -> throw new IllegalStateException("unreachable: " + open);
    }
  }

  private static void settleRunning(Turn turn, Lane lane, Outcome outcome) {
    Occurrence head = turn.lane(lane).getFirst();
    Occurrence.Running running = head.running();
    putHead(turn, lane, head.with(head.after(), null));
    turn.stir(lane);
    Condition condition = condition(turn, head);
    Action action = condition == null ? null : action(condition, running.actionUid());
    if (action == null) {
      return;
    }
    if (running.riders() > 0) {
      Riders.settle(turn, lane, condition, action, running.riders(), outcome);
    } else if (running.failItem() == 0) {
      concluded(turn, lane, condition, action, outcome);
    } else {
      tellItem(turn, path(head, action), running.failItem(), action, outcome);
      alternates(turn, lane, action, running.failItem(), false);
    }
  }

  private static void advance(Turn turn, Lane lane) {
    while (true) {
      PVector<Occurrence> queue = turn.lane(lane);
      if (queue == null || queue.getFirst().running() != null) {
        return;
      }
      Occurrence head = queue.getFirst();
      Condition condition = condition(turn, head);
      Action action = condition == null ? null : next(turn, head, condition);
      if (action == null) {
        turn.putLane(lane, queue.minus(0));
        Lives.finished(turn, head.trigger(), head.entityUid());
      } else {
        begin(turn, lane, head, condition, action);
      }
    }
  }

  private static void begin(
      Turn turn, Lane lane, Occurrence head, Condition condition, Action action) {
    putHead(turn, lane, head.with(action.uid(), null));
    turn.announce(path(head, action), "action-started", head.trigger().type().word(), "");
    int riders = Riders.of(turn, lane, condition, action);
    Outcome outcome =
        Deeds.perform(turn, new Deeds.Task(lane, head, action.name(), action.deed(), riders));
    if (outcome instanceof Outcome.Pending pending) {
      run(turn, lane, new Occurrence.Running(action.uid(), 0, pending.effect(), riders));
    } else {
      concluded(turn, lane, condition, action, outcome);
    }
  }

  /** An action itself, not an alternate, has ended. */
  static void concluded(Turn turn, Lane lane, Condition condition, Action action, Outcome outcome) {
    Occurrence head = turn.lane(lane).getFirst();
    switch (outcome) {
      case Outcome.Done d -> turn.announce(path(head, action), "action-done", d.note(), "");
      case Outcome.Failed f -> {
        turn.announce(path(head, action), "action-failed", "", f.why());
        alternates(turn, lane, action, 0, f.keep());
      }
      case Outcome.Pending p -> throw new IllegalStateException("not ended: " + condition + p);
    }
  }

  /** Runs the alternates after one of them, then does what the flags say (ham.md 1.7). */
  private static void alternates(
      Turn turn, Lane lane, Action action, long afterItem, boolean keep) {
    Occurrence head = turn.lane(lane).getFirst();
    for (Action.FailItem item : action.onFail()) {
      if (item.uid() <= afterItem) {
        continue;
      }
      Outcome outcome = Deeds.perform(turn, new Deeds.Task(lane, head, action.name(), item.deed()));
      if (outcome instanceof Outcome.Pending pending) {
        run(turn, lane, new Occurrence.Running(action.uid(), item.uid(), pending.effect()));
        return;
      }
      tellItem(turn, path(head, action), item.uid(), action, outcome);
    }
    if (action.flags().has(Flags.OfAction.BREAK_ON_FAIL)) {
      putHead(turn, lane, turn.lane(lane).getFirst().with(Long.MAX_VALUE, null));
    }
    Entity holder = turn.entity(head.entity(), head.entityUid());
    boolean gaveUp = holder != null && Restarts.gaveUp(holder, action);
    if (!keep && !gaveUp && !action.flags().has(Flags.OfAction.KEEP_ON_FAIL)) {
      Removals.removeAction(turn, head.entity(), head.conditionUid(), action.uid());
    }
  }

  private static void tellItem(
      Turn turn, ObjectPath path, long itemUid, Action action, Outcome outcome) {
    for (Action.FailItem item : action.onFail()) {
      if (item.uid() == itemUid) {
        String reason = "alternate " + item.name();
        switch (outcome) {
          case Outcome.Failed f -> turn.announce(path, "action-failed", reason, f.why());
          case Outcome.Done d -> turn.announce(path, "action-done", reason, d.note());
          case Outcome.Pending p -> throw new IllegalStateException("not ended: " + item + p);
        }
      }
    }
  }

  private static void run(Turn turn, Lane lane, Occurrence.Running running) {
    Occurrence head = turn.lane(lane).getFirst();
    putHead(turn, lane, head.with(head.after(), running));
  }

  private static void putHead(Turn turn, Lane lane, Occurrence head) {
    turn.putLane(lane, turn.lane(lane).with(0, head));
  }

  /** The condition of an occurrence, or null when it or its entity is gone. */
  private static Condition condition(Turn turn, Occurrence occurrence) {
    Entity e = turn.entity(occurrence.entity(), occurrence.entityUid());
    if (e == null) {
      return null;
    }
    for (Condition c : e.conditions()) {
      if (c.uid() == occurrence.conditionUid()) {
        return c;
      }
    }
    return null;
  }

  private static Action action(Condition condition, long uid) {
    for (Action a : condition.actions()) {
      if (a.uid() == uid) {
        return a;
      }
    }
    return null;
  }

  /** The action whose turn it is; none when the condition or its entity was disabled meanwhile. */
  static Action next(Turn turn, Occurrence head, Condition condition) {
    if (!condition.enabled() || !turn.entity(head.entity()).enabled()) {
      return null;
    }
    for (Action a : condition.actions()) {
      if (a.uid() > head.after() && a.enabled()) {
        return a;
      }
    }
    return null;
  }

  static ObjectPath path(Occurrence head, Action action) {
    Name name = action.name();
    return new ObjectPath(head.entity(), head.condition(), name);
  }
}

package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Lane;
import io.hamlet.core.model.ObjectPath;
import org.pcollections.PVector;

/**
 * Occurrences that wait behind one of their own condition, and have nothing to do but what it does:
 * to send a pulse to another node. They ride with it, so that one errand serves them all, and their
 * number is not bound by how fast one errand follows the other (ham.md 1.6). Order and outcomes are
 * as if each had gone by itself, but for one thing: of those of whom nobody knows what came, only
 * the first has its alternates run.
 */
final class Riders {
  private Riders() {}

  /** How many ride with the head of a lane when it begins that action. */
  static int of(Turn turn, Lane lane, Condition condition, Action action) {
    PVector<Occurrence> queue = turn.lane(lane);
    boolean isFar = action.deed() instanceof Deed.Pulse p && !turn.isHere(p.node());
    if (!isFar || !isLast(turn, queue.getFirst(), condition, action)) {
      return 0;
    }
    int most = Math.min(queue.size(), Errand.MOST_TIMES) - 1;
    int riders = 0;
    while (riders < most && rides(turn, queue.get(riders + 1), condition, action)) {
      riders++;
    }
    return riders;
  }

  private static boolean rides(Turn turn, Occurrence o, Condition condition, Action action) {
    return o.conditionUid() == condition.uid()
        && o.running() == null
        && Lanes.next(turn, o, condition) == action;
  }

  /** Nothing is to be done after it. */
  private static boolean isLast(Turn turn, Occurrence head, Condition condition, Action action) {
    return Lanes.next(turn, head.with(action.uid(), null), condition) == null;
  }

  /** The action of the head, which runs no more, and of its riders has ended. */
  static void settle(
      Turn turn, Lane lane, Condition condition, Action action, int riders, Outcome outcome) {
    if (outcome instanceof Outcome.Failed f && f.done() <= 0) {
      Lanes.concluded(turn, lane, condition, action, f);
      for (int i = 1; i <= riders && f.done() == Errand.Fate.Failed.UNKNOWN; i++) {
        boolean breaks = action.flags().has(Flags.OfAction.BREAK_ON_FAIL);
        ObjectPath path = ended(turn, lane, i, action, breaks ? Long.MAX_VALUE : action.uid());
        turn.announce(path, "action-failed", "", f.why());
      }
      return;
    }
    // Whoever was not served goes again: the first of them is the head then, and fails as one.
    int served = outcome instanceof Outcome.Failed f ? Math.min(f.done(), riders) : riders + 1;
    Lanes.concluded(turn, lane, condition, action, new Outcome.Done());
    for (int i = 1; i < served; i++) {
      turn.announce(ended(turn, lane, i, action, action.uid()), "action-done", "", "");
    }
  }

  /** A rider has come to the end of the action, and goes on behind it when it is the head. */
  private static ObjectPath ended(Turn turn, Lane lane, int index, Action action, long after) {
    PVector<Occurrence> queue = turn.lane(lane);
    Occurrence rider = queue.get(index);
    turn.putLane(lane, queue.with(index, rider.with(after, null)));
    ObjectPath path = Lanes.path(rider, action);
    turn.announce(path, "action-started", rider.trigger().type().word(), "");
    return path;
  }
}

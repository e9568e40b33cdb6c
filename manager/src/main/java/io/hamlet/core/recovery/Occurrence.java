package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Name;

/**
 * A condition that became true, and how far its actions have got.
 *
 * @param trigger what made it true
 * @param after the uid of the last action begun; the next one is the first with a higher uid, so
 *     actions may come and go meanwhile
 * @param running what is in flight, null between actions
 */
public record Occurrence(
    Name entity,
    long entityUid,
    Name condition,
    long conditionUid,
    Trigger trigger,
    long after,
    Running running) {
  /**
   * An action in flight.
   *
   * @param failItem uid of the action-fail item that runs, or 0 for the action itself
   * @param effect that will be answered
   * @param riders so many occurrences behind this one are served by the same effect
   */
  public record Running(long actionUid, long failItem, EffectId effect, int riders) {
    /** For this occurrence alone. */
    public Running(long actionUid, long failItem, EffectId effect) {
      this(actionUid, failItem, effect, 0);
    }
  }

  public Occurrence with(long lastBegun, Running inFlight) {
    return new Occurrence(entity, entityUid, condition, conditionUid, trigger, lastBegun, inFlight);
  }
}

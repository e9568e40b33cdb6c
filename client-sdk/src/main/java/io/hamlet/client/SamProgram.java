package io.hamlet.client;

import java.time.Duration;
import java.util.Map;

/**
 * What a manager knows of a program. Immutable.
 *
 * @param state initialized, registered, waiting quorum, started, warned, killing, recovering,
 *     failed, finalized or ended
 * @param pid of its process; 0: none
 * @param instance counts from 1
 * @param interval within which a message is due; zero: no limit
 * @param warning why this instance was warned; empty: it was not
 * @param grace from a warning to the kill
 * @param dataSize bytes it keeps
 * @param end of the instance before, null: there was none
 * @param keys as published, sorted; empty without the flag
 */
public record SamProgram(
    String name,
    String state,
    long pid,
    long instance,
    Duration interval,
    RecoveryPolicy recovery,
    String warning,
    Duration grace,
    long dataSize,
    SamEnd end,
    Map<String, String> keys) {
  public SamProgram {
    keys = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(keys));
  }

  /** It has ended or failed and will not be started again. */
  public boolean isOver() {
    return state.equals("ended") || state.equals("failed");
  }
}

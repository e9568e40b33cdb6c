package io.hamlet.client.recovery;

/** Commands of {@link HaConnection#control} (ham.md 9.5). */
public enum Control {
  /** The argument: most recoveries in the life of the record; negative: no limit, as at first. */
  TOTAL_LIMIT,
  /**
   * The argument: most attempts for one failure; negative: no limit, as at first. A failure is
   * over, and its count zero, when a call got through after it.
   */
  FAILURE_LIMIT,
  /** An ordinary connection for now; argument ignored, also in those below. */
  SUSPEND,
  /** Undoes it, and changes nothing else. */
  ENABLE,
  /** The count of attempts for one failure is zero. */
  RESET_FAILURE_COUNT,
  /** The count of recoveries is zero. */
  RESET_TOTAL_COUNT
}

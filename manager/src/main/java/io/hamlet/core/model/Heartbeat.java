package io.hamlet.core.model;

/**
 * The heartbeat contract of a self-attached entity and what of its state is worth keeping (ham.md
 * 5). The beats themselves never enter the log.
 *
 * @param periodNanos between ticks; at least {@link #MIN_PERIOD_NANOS}
 * @param lowMark misses in a row that fire LOW; 0: never
 * @param highMark misses in a row that fire HIGH; 0: never
 * @param slot where its beats are counted in the liveness table
 * @param generation of that slot; a word of another generation is no beat of this entity
 */
public record Heartbeat(
    long periodNanos, int lowMark, int highMark, Health health, int slot, long generation) {
  /** QNX asks for a second; a modern host can do better (DECISIONS.md). */
  public static final long MIN_PERIOD_NANOS = 1_000_000;

  /** Latched health of a beating entity (ham.md 5.2). */
  public enum Health {
    OK("HBEATOK"),
    MISSED_LOW("MISSEDLOW"),
    MISSED_HIGH("MISSEDHIGH");

    private final String shown;

    Health(String shown) {
      this.shown = shown;
    }

    /** As {@code .info} shows it. */
    public String shown() {
      return shown;
    }
  }

  public Heartbeat {
    if (periodNanos < MIN_PERIOD_NANOS || periodNanos > 366L * 86_400 * 1_000_000_000) {
      throw Refused.invalid("a heartbeat period is between 1 ms and 366 days");
    }
    if (lowMark < 0 || highMark < 0 || (highMark > 0 && lowMark > highMark)) {
      throw Refused.invalid("heartbeat marks must be 0 <= low <= high");
    }
  }

  public Heartbeat withHealth(Health h) {
    return new Heartbeat(periodNanos, lowMark, highMark, h, slot, generation);
  }
}

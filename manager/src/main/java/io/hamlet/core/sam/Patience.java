package io.hamlet.core.sam;

/**
 * How long one program may be silent, as arithmetic (sam.md 2.3, 4.2). Times are CLOCK_BOOTTIME
 * nanoseconds.
 *
 * @param from counting began
 * @param firstNanos until the first message
 * @param periodNanos from a message to the next; 0: messages end the counting
 * @param deaf messages do not count
 */
public record Patience(long from, long firstNanos, long periodNanos, boolean deaf) {
  /** A look that comes no later than that is not late, however short the period. */
  private static final long LATE_AT_LEAST = 10_000_000L;

  /** What a look finds. */
  public enum Verdict {
    /** Not yet. */
    WAIT,
    /** No message came in time. */
    SILENT,
    /** We looked so late that we may have been deaf ourselves; count anew. */
    WE_WERE_LATE
  }

  /**
   * When to look.
   *
   * @param heard when the newest message came; before {@code from}: none has come
   */
  public long due(long heard) {
    if (deaf || heard < from) {
      return from + firstNanos;
    }
    return periodNanos == 0 ? Long.MAX_VALUE : heard + periodNanos;
  }

  public Verdict look(long now, long heard) {
    long due = due(heard);
    if (now < due) {
      return Verdict.WAIT;
    }
    long late = Math.max(LATE_AT_LEAST, (deaf || heard < from ? firstNanos : periodNanos) / 2);
    return now - due > late ? Verdict.WE_WERE_LATE : Verdict.SILENT;
  }

  /** The same from now on. */
  public Patience anew(long now) {
    return new Patience(now, firstNanos, periodNanos, deaf);
  }
}

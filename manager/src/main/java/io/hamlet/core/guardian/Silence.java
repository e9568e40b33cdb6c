package io.hamlet.core.guardian;

/**
 * How long a partner has been silent, by its beat counter and the observer's own ticks. A tick of
 * the observer that comes late starts the count anew: who was stopped himself cannot say that the
 * other was (red-team.md B2). Times are nanoseconds on any steady clock.
 *
 * @param counter the beat as last seen
 * @param since the tick from which silence counts
 * @param last the newest tick
 */
public record Silence(long counter, long since, long last) {
  /** So much later than it was due a tick is late. */
  public static final long LATE_NANOS = 50_000_000L;

  /** Nothing is held against the partner yet. */
  public static Silence begin(long now, long counter) {
    return new Silence(counter, now, now);
  }

  /**
   * The observer looks.
   *
   * @param due when it meant to look
   */
  public Silence tick(long now, long due, long seen) {
    boolean late = now - due > LATE_NANOS;
    return new Silence(seen, late || seen != counter ? now : since, now);
  }

  /** True when the beat has not moved for so long. */
  public boolean lasts(long nanos) {
    return last - since >= nanos;
  }
}

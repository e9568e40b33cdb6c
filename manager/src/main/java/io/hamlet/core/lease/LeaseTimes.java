package io.hamlet.core.lease;

/**
 * All spans that follow from the length of a lease, in nanoseconds.
 *
 * @param leaseNanos how long a renewal lasts, from when it was sent; 100 ms to one hour
 */
public record LeaseTimes(long leaseNanos) {
  public static final LeaseTimes DEFAULT = new LeaseTimes(1_500_000_000L);

  private static final long SHORTEST = 100_000_000L;
  private static final long LONGEST = 3_600_000_000_000L;
  private static final long LEAST_CONFIRMATION = 50_000_000L;
  private static final long LEAST_LATENESS = 20_000_000L;
  private static final long LEAST_MARGIN = 100_000_000L;

  public LeaseTimes {
    if (leaseNanos < SHORTEST || leaseNanos > LONGEST) {
      throw new IllegalArgumentException(
          "a lease of " + leaseNanos + " ns; give one of 100 ms to one hour");
    }
  }

  /**
   * Those of a node that told this lease, or the next that there can be.
   *
   * @param nanos 0: it told none, and these are taken for its
   */
  public LeaseTimes told(long nanos) {
    return nanos == 0 ? this : new LeaseTimes(Math.clamp(nanos, SHORTEST, LONGEST));
  }

  /** Between two renewals, and between two signs of a Guardian. */
  public long interval() {
    return leaseNanos / 6;
  }

  /** A node of which nothing was heard for so long is suspected. */
  public long suspicion() {
    return leaseNanos / 2;
  }

  /** After a hint that a node is gone, so long is listened for an answer. */
  public long confirmation() {
    return Math.max(leaseNanos / 25, LEAST_CONFIRMATION);
  }

  /** A tick that is so much late means that this process or its host stood still. */
  public long late() {
    return Math.max(leaseNanos / 30, LEAST_LATENESS);
  }

  /** After a doubt about the clock, work may go on for so long without a new acknowledgement. */
  public long doubt() {
    return leaseNanos / 6;
  }

  /**
   * When a leash ends what outlives a lease, at the latest before others start it.
   *
   * @param end of the lease; Long.MAX_VALUE: it has none
   * @param graceNanos what a healthy node gives its processes after the lease
   */
  public long leash(long end, long graceNanos, long now) {
    return end == Long.MAX_VALUE ? end : Math.min(end, now + leaseNanos) + rope(graceNanos);
  }

  /** From the end of a lease to the deadline of the leash. */
  public long rope(long graceNanos) {
    return graceNanos + margin() / 2;
  }

  /** What is added to each wait for timers, for clocks that run unevenly, and for the kill. */
  public long margin() {
    return Math.max(leaseNanos / 4, LEAST_MARGIN);
  }
}

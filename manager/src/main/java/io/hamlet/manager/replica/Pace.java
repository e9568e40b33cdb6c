package io.hamlet.manager.replica;

import java.util.concurrent.TimeUnit;

/**
 * When the newest entries go to the replicas. Each message costs a dozen wakes of threads on two
 * nodes and a forced write, so a few entries that nobody waits for go together; the first after a
 * rest goes at once. Confined to the feeder's thread, but for {@link #awaited} and {@link #isDue}.
 */
final class Pace {
  /** Between two messages of few entries. */
  static final long NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  /** So many are not few. */
  static final long MANY = 64;

  private volatile long awaited;
  private volatile long fedTo;
  private volatile boolean resting;
  private long fedAt = -NANOS;

  /** Somebody waits for a replica of the log up to that entry. Any thread. */
  void awaited(long index) {
    if (index > awaited) {
      awaited = index;
    }
  }

  /** False: entries are held back, and the feeder comes by itself. Any thread. */
  boolean isDue() {
    return !resting || awaited > fedTo;
  }

  /**
   * How long to hold back what is new; 0: not at all.
   *
   * @param now in nanoseconds
   * @param newest index of the newest entry
   * @param behind a replica lacks more than what is new
   */
  long rest(long now, long newest, boolean behind) {
    boolean few = newest > fedTo && newest - fedTo < MANY;
    boolean holds = few && !behind && awaited <= fedTo && now - fedAt < NANOS;
    resting = holds;
    return holds ? NANOS - (now - fedAt) : 0;
  }

  /** Replicas were sent all up to that entry that may be sent. */
  void fed(long now, long newest) {
    if (newest > fedTo) {
      fedTo = newest;
      fedAt = now;
    }
  }
}

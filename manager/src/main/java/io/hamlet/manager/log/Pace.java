package io.hamlet.manager.log;

import java.util.concurrent.TimeUnit;

/**
 * When the newest entries go to a disk, here or with a replica. Each time costs a forced write, and
 * with a replica a dozen wakes of threads on two nodes, so a few entries that nobody waits for go
 * together; the first after a rest goes at once. Confined to the thread that has them go, but for
 * {@link #awaited} and {@link #isDue}.
 */
public final class Pace {
  /** Between two times with few entries. */
  public static final long NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  /** So many are not few. */
  static final long MANY = 64;

  private volatile long awaited;
  private volatile long goneTo;
  private volatile boolean resting;
  private long wentAt = -NANOS;

  /** Somebody waits for that disk to have the log up to that entry. Any thread. */
  public void awaited(long index) {
    if (index > awaited) {
      awaited = index;
    }
  }

  /** False: entries are held back, and the thread comes by itself. Any thread. */
  public boolean isDue() {
    return !resting || awaited > goneTo;
  }

  /**
   * How long to hold back what is new; 0: not at all.
   *
   * @param now in nanoseconds
   * @param newest index of the newest entry
   * @param behind the disk lacks more than what is new
   */
  public long rest(long now, long newest, boolean behind) {
    boolean few = newest > goneTo && newest - goneTo < MANY;
    boolean holds = few && !behind && awaited <= goneTo && now - wentAt < NANOS;
    resting = holds;
    return holds ? NANOS - (now - wentAt) : 0;
  }

  /** All up to that entry went that may go. */
  public void gone(long now, long newest) {
    if (newest > goneTo) {
      goneTo = newest;
      wentAt = now;
    }
  }
}

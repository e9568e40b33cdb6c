package io.hamlet.it.sim;

import io.hamlet.core.model.Moment;
import io.hamlet.manager.port.Ticker;

/** Time that passes when the {@link World} says so. One thread. */
final class SimClock implements Ticker {
  /** 2026-01-01, so that times look like times. */
  private static final long WALL_AT_BOOT = 1_767_225_600L * 1_000_000_000L;

  private final long ahead;
  private long now;
  private long wanted = Long.MAX_VALUE;

  SimClock() {
    this(1_000_000_000L);
  }

  /** A clock that shows that to begin with. */
  SimClock(long bootNanos) {
    this(bootNanos, 0);
  }

  /**
   * @param ahead so much later than elsewhere is the time of day here, in nanoseconds
   */
  SimClock(long bootNanos, long ahead) {
    this.now = bootNanos;
    this.ahead = ahead;
  }

  @Override
  public Moment now() {
    return new Moment(now, WALL_AT_BOOT + ahead + now);
  }

  /** Remembers until when the loop would sleep, and returns. */
  @Override
  public void await(long untilBootNanos) {
    wanted = untilBootNanos;
  }

  @Override
  public void ring() {
    // The world runs the loop until it has nothing to do.
  }

  long wanted() {
    return wanted;
  }

  long nanos() {
    return now;
  }

  void advanceTo(long nanos) {
    now = Math.max(now, nanos);
  }
}

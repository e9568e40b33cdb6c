package io.hamlet.client.internal;

import io.hamlet.client.Term;
import java.time.Duration;
import java.util.function.LongSupplier;

/** One time that a program leads. Thread-safe; one thread extends and ends it. */
final class LiveTerm implements Term {
  private final long holder;
  private final long token;
  private final LongSupplier clock;
  private volatile long until;
  private volatile boolean over;

  /**
   * @param until on the clock; counted from before the right was asked for
   */
  LiveTerm(long holder, long token, long until, LongSupplier clock) {
    this.holder = holder;
    this.token = token;
    this.until = until;
    this.clock = clock;
  }

  long holder() {
    return holder;
  }

  @Override
  public long token() {
    return token;
  }

  @Override
  public boolean isLeader() {
    return leftNanos() > 0;
  }

  @Override
  public Duration left() {
    return Duration.ofNanos(Math.max(0, leftNanos()));
  }

  long leftNanos() {
    return over ? 0 : until - clock.getAsLong() - BootClock.COARSE_NANOS;
  }

  void extend(long later) {
    until = Math.max(until, later);
  }

  /** Nothing brings it back. */
  void end() {
    over = true;
  }
}

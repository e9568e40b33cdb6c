package io.hamlet.manager.consensus;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A thread that looks when it is told to, and its clock. */
final class ByHand extends ScheduledThreadPoolExecutor {
  private Runnable next;
  private long due;
  private long now;

  ByHand() {
    super(1);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable work, long after, TimeUnit unit) {
    next = work;
    due = now + unit.toNanos(after);
    return null;
  }

  long now() {
    return now;
  }

  boolean isDone() {
    return next == null;
  }

  /** So many nanoseconds late. */
  void look(long late) {
    Runnable work = next;
    next = null;
    now = due + late;
    work.run();
  }
}

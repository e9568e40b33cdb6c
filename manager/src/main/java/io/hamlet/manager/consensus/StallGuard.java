package io.hamlet.manager.consensus;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A leader whose disk hangs still says that it leads, and nobody else is elected. So one whose
 * flushes stand still while it has work gives up leading, and ends when it cannot even do that. As
 * a candidate it would have to write its vote first, so it does not come back before the disk does.
 * What stands still although the disk writes is for {@link HangGuard}.
 *
 * <p>Looks while there is work, and not at all without.
 */
final class StallGuard {
  /** What it looks at. None of this may block. */
  interface Leader {
    boolean isLeading();

    /** The newest entry that this voter has on its disk. */
    long flushed();

    /** Commands or entries wait for the disk or for others. */
    boolean isBusy();

    void stepDown();

    /** See {@link DiskProbe#begin}. */
    CompletableFuture<Void> probe();
  }

  private final Leader leader;
  private final Consumer<String> failure;
  private final Duration limit;
  private final ScheduledExecutorService thread;
  private final AtomicBoolean isLooking = new AtomicBoolean();
  private final LongSupplier clock;
  private long due;
  private long seen;
  private long since;
  private boolean hasSteppedDown;
  private CompletableFuture<Void> proof;

  StallGuard(String node, Duration limit, Leader leader, Consumer<String> failure) {
    this(limit, leader, failure, System::nanoTime, Lane.timer("stall-" + node));
  }

  StallGuard(
      Duration limit,
      Leader leader,
      Consumer<String> failure,
      LongSupplier clock,
      ScheduledExecutorService thread) {
    this.limit = limit;
    this.leader = leader;
    this.failure = failure;
    this.clock = clock;
    this.thread = thread;
  }

  /** There is work now. */
  void begin() {
    if (isLooking.compareAndSet(false, true)) {
      later(
          () -> {
            seen = -1;
            hasSteppedDown = false;
            look();
          });
    }
  }

  private void later(Runnable work) {
    if (!thread.isShutdown()) {
      due = clock.getAsLong() + pause();
      thread.schedule(work, pause(), TimeUnit.NANOSECONDS);
    }
  }

  private long pause() {
    return limit.toNanos() / 4;
  }

  private void look() {
    if (!leader.isLeading() || !leader.isBusy()) {
      isLooking.set(false);
      return;
    }
    long now = clock.getAsLong();
    long flushed = leader.flushed();
    if (flushed != seen) {
      seen = flushed;
      since = now;
      hasSteppedDown = false;
    } else if (now - due > pause()) {
      // It stood still itself, as the disk may have for no other reason.
      since = now;
    } else if (now - since >= limit.toNanos()) {
      since = now;
      act();
    }
    later(this::look);
  }

  private void act() {
    if (!hasSteppedDown) {
      hasSteppedDown = true;
      proof = leader.probe();
      leader.stepDown();
    } else if (!proof.isDone() || proof.isCompletedExceptionally()) {
      failure.accept("its disk has stood still for " + limit.toMillis() * 2 + " ms");
    } else {
      proof = leader.probe();
    }
  }

  void close() {
    thread.shutdownNow();
  }
}

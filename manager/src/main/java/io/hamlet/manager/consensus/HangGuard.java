package io.hamlet.manager.consensus;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Consensus that stands still inside, while process, disk and network are well, says so to nobody:
 * signs of life go on, and the cluster waits for good (DECISIONS.md, "A voter that hangs is not
 * kept"). So each voter is looked at from outside. A leader whose commands stand still gives up
 * leading; who cannot even do that hangs, and so does a follower that leaves entries unanswered or
 * does not mind that nobody leads, and a voter without the thread of its role.
 *
 * <p>Nobody hangs who waits for the disk: only what stands still although the disk writes.
 */
final class HangGuard {
  /** What it looks at. None of this may block. */
  interface Voter {
    Sight sight();

    void stepDown();

    /** See {@link DiskProbe#begin}. */
    CompletableFuture<Void> probe();
  }

  /**
   * What is seen at a moment. Two that are equal, with something that waits, are a standstill.
   *
   * @param term of a leader; another is another reign
   * @param mark moves while things go on: the newest entry that a leader has applied, the oldest
   *     that a follower has not answered
   * @param waits what waits, as a sentence; empty: nothing does
   */
  record Sight(boolean leads, long term, long mark, String waits) {}

  private static final int LOOKS = 8;

  /** A look that is later by this share of its pause says that the process stood still itself. */
  private static final int LATE = 3;

  private final Voter voter;
  private final Consumer<String> hangs;
  private final long limit;
  private final LongSupplier clock;
  private final ScheduledExecutorService thread;
  private Sight seen;
  private long since;
  private long due;
  private boolean hasSteppedDown;
  private CompletableFuture<Void> proof;
  private boolean isProved;

  /**
   * @param limit a follower that stands still for so long hangs. A leader has half as much again
   *     until it gives up, for it may be the follower, and twice as much in all.
   * @param hangs hears what waits, once
   */
  HangGuard(String node, Duration limit, Voter voter, Consumer<String> hangs) {
    this(limit, voter, hangs, System::nanoTime, Lane.timer("hang-" + node));
  }

  HangGuard(
      Duration limit,
      Voter voter,
      Consumer<String> hangs,
      LongSupplier clock,
      ScheduledExecutorService thread) {
    this.limit = limit.toNanos();
    this.voter = voter;
    this.hangs = hangs;
    this.clock = clock;
    this.thread = thread;
  }

  void start() {
    later();
  }

  /** There is no event for what does not happen; a look costs some microseconds. */
  private void later() {
    if (!thread.isShutdown()) {
      due = clock.getAsLong() + limit / LOOKS;
      thread.schedule(this::look, limit / LOOKS, TimeUnit.NANOSECONDS);
    }
  }

  private void look() {
    Sight sight = sight();
    long now = clock.getAsLong();
    boolean isLate = now - due > limit / LOOKS / LATE;
    boolean moves = sight.waits().isEmpty() || !sight.equals(seen);
    if (moves || isLate) {
      since = now;
      proof = null;
    }
    hasSteppedDown &= !moves;
    seen = sight;
    long stood = now - since;
    if (stood >= (sight.leads() ? 2 * limit : limit) && isDiskWell()) {
      hangs.accept(sight.waits());
      return;
    }
    if (sight.leads() && stood >= limit + limit / 2 && !hasSteppedDown) {
      hasSteppedDown = true;
      voter.stepDown();
    }
    later();
  }

  /** For a whole look at least: what had waited for it has moved by then. */
  private boolean isDiskWell() {
    if (proof == null || proof.isCompletedExceptionally()) {
      proof = voter.probe();
      isProved = false;
      return false;
    }
    boolean before = isProved;
    isProved = proof.isDone();
    return before;
  }

  /** One that begins or ends cannot be looked at. */
  private Sight sight() {
    try {
      return voter.sight();
    } catch (RuntimeException e) {
      return new Sight(false, 0, 0, "");
    }
  }

  void close() {
    thread.shutdownNow();
  }
}

package io.hamlet.manager.consensus;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Asks for a snapshot when the commands since the last one are many bytes: Ratis counts entries
 * only, and large ones would fill a disk long before. Confined to the thread that applies.
 */
final class SnapshotWeight {
  private final long most;
  private final Supplier<CompletableFuture<?>> ask;
  private long since;
  private long last;
  private volatile boolean isAsked;

  /**
   * @param most bytes of commands between two snapshots, while those themselves are not longer
   * @param ask has one taken by and by, and completes then, or when it could not be
   */
  SnapshotWeight(long most, Supplier<CompletableFuture<?>> ask) {
    this.most = most;
    this.ask = ask;
  }

  /** Another command of so many bytes has its effect. */
  void applied(int bytes) {
    since += bytes;
    if (since >= Math.max(most, last) && !isAsked) {
      isAsked = true;
      ask.get().whenComplete((done, why) -> isAsked = false);
    }
  }

  /** All up to now is in a snapshot of so many bytes. */
  void taken(int bytes) {
    since = 0;
    last = bytes;
  }
}

package io.hamlet.manager.consensus;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Asks for a snapshot when the commands since the last one are many, or many bytes: Ratis counts
 * entries only, large ones would fill a disk long before, and many commands may be in one. Confined
 * to the thread that applies.
 */
final class SnapshotWeight {
  private final int mostCommands;
  private final long mostBytes;
  private final Supplier<CompletableFuture<?>> ask;
  private int commands;
  private long since;
  private long last;
  private volatile boolean isAsked;

  /**
   * @param mostCommands between two snapshots
   * @param mostBytes of commands between two snapshots, while those themselves are not longer
   * @param ask has one taken by and by, and completes then, or when it could not be
   */
  SnapshotWeight(int mostCommands, long mostBytes, Supplier<CompletableFuture<?>> ask) {
    this.mostCommands = mostCommands;
    this.mostBytes = mostBytes;
    this.ask = ask;
  }

  /** An entry of so many commands and bytes has its effect. */
  void applied(int some, int bytes) {
    commands += some;
    since += bytes;
    boolean isDue = commands >= mostCommands || since >= Math.max(mostBytes, last);
    if (isDue && !isAsked) {
      isAsked = true;
      ask.get().whenComplete((done, why) -> isAsked = false);
    }
  }

  /** All up to now is in a snapshot of so many bytes. */
  void taken(int bytes) {
    commands = 0;
    since = 0;
    last = bytes;
  }
}

package io.hamlet.manager.log;

import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes snapshots on a thread of its own, and removes what two newer ones have made needless.
 * Thread-safe.
 */
final class Snapshotter implements AutoCloseable {
  private static final int KEPT = 2;

  private final LogDirectory live;
  private final LogDirectory disk;
  private final DurableLog durable;
  private final AtomicReference<Wanted> wanted = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile long awaited = Long.MAX_VALUE;
  private volatile long lastBytes;
  private volatile String trouble;

  private record Wanted(SegmentHeader reign, Place place, HamState state) {}

  Snapshotter(LogDirectory live, LogDirectory disk, DurableLog durable, long lastBytes) {
    this.live = live;
    this.disk = disk;
    this.durable = durable;
    this.lastBytes = lastBytes;
    this.thread = Thread.ofPlatform().daemon().name("log-snapshot").unstarted(this::run);
  }

  void start() {
    thread.start();
    durable.onDurable(this::wakeIfWaiting);
  }

  /** Asks for a snapshot; one that was asked for and not begun is replaced. Never blocks. */
  void want(SegmentHeader reign, Place place, HamState state) {
    wanted.set(new Wanted(reign, place, state));
    LockSupport.unpark(thread);
  }

  /** Size of the newest snapshot. */
  long lastBytes() {
    return lastBytes;
  }

  /** Null while all is well; else what is wrong, for people. */
  String trouble() {
    return trouble;
  }

  private void wakeIfWaiting(long durableIndex) {
    if (durableIndex >= awaited) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closed) {
      Wanted next = wanted.getAndSet(null);
      if (next == null) {
        LockSupport.park(this);
        continue;
      }
      try {
        take(next);
        trouble = null;
      } catch (IOException | RuntimeException e) {
        trouble = "no snapshot was taken at " + next.place().mark() + ": " + e;
        // Tried again with a newer state; this pause is for a disk that is full for long.
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(100));
      }
    }
  }

  private void take(Wanted next) throws IOException {
    byte[] bytes = SnapshotFile.encode(next.reign(), next.place(), next.state());
    lastBytes = bytes.length;
    live.make();
    SnapshotFile.write(live, next.place(), bytes, false);
    prune(live, durable.sequence());
    awaitDurable(next.place().mark().index());
    if (closed) {
      return;
    }
    SnapshotFile.write(disk, next.place(), bytes, true);
    prune(disk, Long.MAX_VALUE);
    prune(live, durable.sequence());
  }

  /** A snapshot on disk is never ahead of the log there, so the log has no gap. */
  private void awaitDurable(long index) {
    awaited = index;
    while (durable.index() < index && !closed) {
      LockSupport.park(this);
    }
    awaited = Long.MAX_VALUE;
  }

  /** Keeps the newest two snapshots and the log since the older of them. */
  static void prune(LogDirectory directory, long neededFrom) throws IOException {
    directory.removeUnfinished();
    List<Path> snapshots = directory.snapshots();
    if (snapshots.size() < KEPT) {
      return;
    }
    for (Path old : snapshots.subList(KEPT, snapshots.size())) {
      Files.deleteIfExists(old);
    }
    long needed = Math.min(neededFrom, LogDirectory.sequenceOf(snapshots.get(KEPT - 1)));
    for (long sequence : directory.segments()) {
      if (sequence < needed) {
        Files.deleteIfExists(directory.segment(sequence));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

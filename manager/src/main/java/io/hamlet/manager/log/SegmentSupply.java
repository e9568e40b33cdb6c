package io.hamlet.manager.log;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps one segment ready ahead of the core thread, which therefore never waits for one unless it
 * fills 4 MiB faster than memory can be zeroed. Touches tmpfs only. Thread-safe.
 */
final class SegmentSupply implements AutoCloseable {
  private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LAST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final LogDirectory live;
  private final long size;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private long nextSequence;
  private Segment spare;
  private boolean closed;
  private volatile String trouble;
  private volatile boolean ready;

  SegmentSupply(LogDirectory live, long firstSequence, long size) {
    this.live = live;
    this.size = size;
    this.nextSequence = firstSequence;
    this.thread = Thread.ofPlatform().daemon().name("log-supply").unstarted(this::refill);
  }

  void start() {
    thread.start();
  }

  /** Null while segments can be had; else what is wrong, for people. */
  String trouble() {
    return trouble;
  }

  /** Another segment is at hand. */
  boolean isReady() {
    return ready;
  }

  /**
   * A segment that holds an entry of that size. Throws {@link LogFull}; after that it may be tried
   * again.
   */
  Segment take(int payload) {
    long needed = SegmentHeader.BYTES + Slot.size(payload) + Long.BYTES;
    lock.lock();
    try {
      while (thread.isAlive() && spare == null && trouble == null && !closed) {
        changed.awaitUninterruptibly();
      }
      Segment taken = spare;
      spare = null;
      ready = false;
      if (taken == null || taken.size() < needed) {
        drop(taken);
        taken = make(Math.max(size, needed + 7 & ~7L));
      }
      changed.signalAll();
      return taken;
    } catch (IOException e) {
      throw new LogFull(e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  /** The segment at hand lies in a directory that was taken away: the next one is made anew. */
  void renew() throws IOException {
    live.make();
    lock.lock();
    try {
      drop(spare);
      spare = null;
      ready = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void refill() {
    long retry = FIRST_RETRY_NANOS;
    lock.lock();
    try {
      while (!closed) {
        if (spare != null) {
          changed.awaitUninterruptibly();
          continue;
        }
        try {
          spare = make(size);
          ready = true;
          trouble = null;
          retry = FIRST_RETRY_NANOS;
          changed.signalAll();
        } catch (IOException e) {
          trouble = e.getMessage();
          changed.signalAll();
          changed.awaitNanos(retry);
          retry = Math.min(2 * retry, LAST_RETRY_NANOS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private Segment make(long bytes) throws IOException {
    long sequence = nextSequence++;
    // A runtime directory may be taken away under a living manager, as at a logout.
    live.make();
    return Segment.allocate(live.segment(sequence), sequence, bytes);
  }

  private static void drop(Segment segment) throws IOException {
    if (segment != null) {
      segment.close();
      Files.deleteIfExists(segment.file());
    }
  }

  /** Ends the thread and removes the segment that was not used. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      drop(spare);
      spare = null;
      changed.signalAll();
    } catch (IOException e) {
      trouble = "cannot remove the unused segment: " + e.getMessage();
    } finally {
      lock.unlock();
    }
  }
}

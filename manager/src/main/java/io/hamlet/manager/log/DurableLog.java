package io.hamlet.manager.log;

import io.hamlet.manager.disk.Durable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/**
 * Copies the live log to disk on a thread of its own, as it is, byte for byte: all that is there is
 * written and forced at once, so many waiting requests share one fdatasync; what nobody waits for
 * gathers for some milliseconds. Thread-safe.
 *
 * <p>A disk that fails is told ({@link #trouble}) and tried again; meanwhile nothing is
 * acknowledged and nobody else is disturbed. What was not acknowledged is written anew after an
 * error, because after a failed fdatasync Linux may count lost pages as clean.
 */
final class DurableLog implements AutoCloseable {
  private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long LAST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** A disk that has not done one step after this hangs, as far as people are concerned. */
  private static final long HANG_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LogDirectory disk;
  private final Preparation preparation;
  private final IntConsumer onSegmentCopied;
  private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private final Pace pace = new Pace();
  private volatile boolean parked;
  private volatile boolean closing;
  private volatile long index;
  private volatile String trouble;
  private volatile boolean sourceGone;
  private volatile long stepBegan;
  private volatile boolean stepping;

  private volatile Segment source;
  private FileChannel target;
  private long copied;
  private int segments;

  /**
   * What must be on disk before the first segment of this reign. May be tried again. Returns the
   * index that is durable then.
   */
  @FunctionalInterface
  interface Preparation {
    long run() throws IOException;
  }

  /**
   * @param first of this reign, open
   * @param index that is durable already
   * @param onSegmentCopied told how many segments are wholly on disk
   */
  DurableLog(
      LogDirectory disk,
      Segment first,
      long index,
      Preparation preparation,
      IntConsumer onSegmentCopied) {
    this.disk = disk;
    this.source = first;
    this.index = index;
    this.preparation = preparation;
    this.onSegmentCopied = onSegmentCopied;
    this.thread = Thread.ofPlatform().daemon().name("log-durable").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Somebody waits for the disk up to that entry. */
  void awaited(long index) {
    pace.awaited(index);
  }

  /** There is something new. Cheap while the thread is awake, or lets few entries gather. */
  void wake() {
    if (parked && pace.isDue()) {
      parked = false;
      LockSupport.unpark(thread);
    }
  }

  long index() {
    return index;
  }

  /** Called on the durable log's thread each time the index rises. */
  void onDurable(LongConsumer listener) {
    listeners.add(listener);
  }

  /** Null while all is well; else what is wrong, for people. */
  String trouble() {
    String told = trouble;
    long waits = System.nanoTime() - stepBegan;
    if (told != null || !stepping || waits < HANG_NANOS) {
      return told;
    }
    return "the durable log in "
        + disk.path()
        + " stands still: its disk has not answered for "
        + TimeUnit.NANOSECONDS.toSeconds(waits)
        + " s; recovery goes on, and nothing is durable until it does";
  }

  /** The newest segment of the live log was taken away under its writer; told once. */
  boolean takeSourceGone() {
    boolean gone = sourceGone;
    if (gone) {
      sourceGone = false;
    }
    return gone;
  }

  /** Of the segment that is being copied; those before it are on disk. */
  long sequence() {
    return source.sequence();
  }

  private void run() {
    boolean prepared = false;
    long retry = FIRST_RETRY_NANOS;
    while (true) {
      try {
        gather();
        stepBegan = System.nanoTime();
        stepping = true;
        if (!prepared) {
          raise(preparation.run());
          prepared = true;
        }
        boolean more = step();
        stepping = false;
        trouble = null;
        retry = FIRST_RETRY_NANOS;
        if (!more && closing) {
          break;
        }
        if (!more) {
          park();
        }
      } catch (IOException e) {
        stepping = false;
        forgetTarget();
        trouble = "the durable log in " + disk.path() + " stands still: " + e.getMessage();
        if (closing) {
          break;
        }
        LockSupport.parkNanos(this, retry);
        retry = Math.min(2 * retry, LAST_RETRY_NANOS);
      }
    }
    forgetTarget();
    for (Segment open = source; open != null; open = open.next()) {
      open.close();
    }
  }

  /** Few entries that nobody waits for are written and forced together. */
  private void gather() {
    parked = true;
    // Who comes to wait for an entry either is seen here, or sees that this thread is parked.
    long rest = pace.rest(System.nanoTime(), source.tip().mark().index(), source.next() != null);
    if (rest > 0 && !closing) {
      LockSupport.parkNanos(this, rest);
    }
    parked = false;
  }

  private void park() {
    parked = true;
    // An append either sees that this thread is parked, or is seen here.
    if (behind() || closing) {
      parked = false;
    } else {
      LockSupport.park(this);
      parked = false;
    }
  }

  private boolean behind() {
    return source.tip().end() > copied || source.next() != null;
  }

  /** Copies what there is; false when there is nothing. */
  private boolean step() throws IOException {
    if (target == null) {
      openTarget();
    }
    Segment next = source.next();
    Segment.Tip tip = source.tip();
    if (tip.end() > copied) {
      write(copied, tip.end());
      target.force(false);
      copied = tip.end();
      pace.gone(System.nanoTime(), tip.mark().index());
      raise(tip.mark().index());
      // Looked at here, because this thread is never in a hurry.
      sourceGone = next == null && !Files.exists(source.file());
      return true;
    }
    if (next == null) {
      return false;
    }
    target.close();
    target = null;
    copied = 0;
    Segment done = source;
    source = next;
    done.close();
    onSegmentCopied.accept(++segments);
    return true;
  }

  /** The header is on disk before any entry is: a segment without one holds nothing. */
  private void openTarget() throws IOException {
    target =
        FileChannel.open(
            disk.segment(source.sequence()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (copied == 0) {
      write(0, SegmentHeader.BYTES);
      target.force(true);
      disk.force();
      copied = SegmentHeader.BYTES;
    }
  }

  private void write(long from, long to) throws IOException {
    Durable.write(target, source.bytes(from, to), from);
  }

  private void raise(long durable) {
    if (durable <= index) {
      return;
    }
    index = durable;
    for (LongConsumer listener : listeners) {
      try {
        listener.accept(durable);
      } catch (RuntimeException e) {
        // Its fault is not the log's: told, and the next one is called.
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }
  }

  private void forgetTarget() {
    try {
      if (target != null) {
        target.close();
      }
    } catch (IOException e) {
      trouble = "cannot close a file of the durable log: " + e.getMessage();
    }
    target = null;
  }

  /** Copies what there is, waits at most a few seconds for that, and ends. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

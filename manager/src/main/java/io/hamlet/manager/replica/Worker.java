package io.hamlet.manager.replica;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does what is posted to it, in order, then one round of its own, and then sleeps
 * until it is woken or the time that the round asked for. Thread-safe.
 */
final class Worker implements Executor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final Round round;
  private final Thread thread;
  private volatile boolean parked;
  private volatile boolean closed;

  /** What is done after all that was posted. */
  @FunctionalInterface
  interface Round {
    /** In how many nanoseconds to come again; 0: at once, Long.MAX_VALUE: not of itself. */
    long run();
  }

  Worker(String name, Round round) {
    this.round = round;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void execute(Runnable work) {
    posted.add(work);
    wake();
  }

  /** There is something new for the round. A load and a branch while the thread is awake. */
  void wake() {
    if (parked) {
      parked = false;
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closed) {
      long sleep = turn();
      if (sleep > 0 && !closed) {
        park(sleep);
      }
    }
  }

  private long turn() {
    try {
      for (Runnable work = posted.poll(); work != null; work = posted.poll()) {
        work.run();
      }
      return round.run();
    } catch (RuntimeException e) {
      // One message or one tree must not end the copies of all others.
      LOG.error("{} goes on after a fault", thread.getName(), e);
      return TimeUnit.MILLISECONDS.toNanos(100);
    }
  }

  private void park(long nanos) {
    parked = true;
    // Who comes later sees that this thread is parked; who came before is seen by this round.
    long again = posted.isEmpty() ? turnBeforeSleep() : 0;
    if (again > 0 && posted.isEmpty() && parked) {
      LockSupport.parkNanos(this, Math.min(nanos, again));
    }
    parked = false;
  }

  private long turnBeforeSleep() {
    try {
      return round.run();
    } catch (RuntimeException e) {
      LOG.error("{} goes on after a fault", thread.getName(), e);
      return TimeUnit.MILLISECONDS.toNanos(100);
    }
  }

  /** Ends the thread after what it is doing, and waits some seconds for that at most. */
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

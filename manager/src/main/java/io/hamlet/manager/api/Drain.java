package io.hamlet.manager.api;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one piece of work as often as needed and never twice at once: a ring during a run leads to
 * one more run. Thread-safe.
 */
final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private final AtomicInteger rings = new AtomicInteger();
  private final Executor executor;
  private final Runnable work;

  Drain(Executor executor, Runnable work) {
    this.executor = executor;
    this.work = work;
  }

  /** Cheap; never runs the work on the calling thread unless the executor does. */
  void ring() {
    if (rings.getAndIncrement() == 0) {
      executor.execute(this::run);
    }
  }

  private void run() {
    int heard = rings.get();
    do {
      try {
        work.run();
      } catch (RuntimeException e) {
        // Not to be rung again would be worse than to have failed once.
        LOG.error("a stream to a client failed", e);
      }
      heard = rings.addAndGet(-heard);
    } while (heard != 0);
  }
}

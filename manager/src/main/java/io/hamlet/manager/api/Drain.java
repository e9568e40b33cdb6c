package io.hamlet.manager.api;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs one piece of work as often as needed and never twice at once: a ring during a run leads to
 * one more run. Thread-safe.
 */
final class Drain {
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
      work.run();
      heard = rings.addAndGet(-heard);
    } while (heard != 0);
  }
}

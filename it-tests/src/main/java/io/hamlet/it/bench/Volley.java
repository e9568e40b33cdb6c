package io.hamlet.it.bench;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Many calls with a bounded number in flight. */
final class Volley {
  /** One call, by its number. */
  interface Call {
    void make(int number) throws InterruptedException;
  }

  private Volley() {}

  /** Makes calls 0 to count-1; returns the nanoseconds until the last is answered. */
  static long run(int count, int inFlight, Call call) throws InterruptedException {
    Semaphore places = new Semaphore(inFlight);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    long begin = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count && failure.get() == null; i++) {
        int number = i;
        places.acquire();
        threads.execute(
            () -> {
              try {
                call.make(number);
              } catch (InterruptedException | RuntimeException e) {
                failure.compareAndSet(null, e);
              } finally {
                places.release();
              }
            });
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("a call failed", failure.get());
    }
    return System.nanoTime() - begin;
  }
}

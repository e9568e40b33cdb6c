package io.hamlet.manager.consensus;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Calls of the machine: one at a time, in order. The thread that applies the log calls and waits;
 * the others post, for they hold locks of Ratis that the machine may need.
 */
final class Lane {
  private final Object turn = new Object();
  private final Queue<Runnable> posted = new ArrayDeque<>();
  private final ExecutorService thread;

  Lane(String node) {
    thread = Executors.newSingleThreadExecutor(work -> daemon(work, "consensus-" + node));
  }

  static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  static ScheduledExecutorService timer(String name) {
    return Executors.newSingleThreadScheduledExecutor(work -> daemon(work, name));
  }

  /** Behind all that was posted before. */
  <T> T call(Supplier<T> work) {
    synchronized (turn) {
      runPosted();
      return work.get();
    }
  }

  void post(Runnable work) {
    synchronized (posted) {
      posted.add(work);
    }
    if (!thread.isShutdown()) {
      thread.execute(
          () -> {
            synchronized (turn) {
              runPosted();
            }
          });
    }
  }

  private void runPosted() {
    for (Runnable next = next(); next != null; next = next()) {
      next.run();
    }
  }

  private Runnable next() {
    synchronized (posted) {
      return posted.poll();
    }
  }

  /** What was posted is still done; nothing is afterwards. */
  void close() throws InterruptedException {
    thread.shutdown();
    thread.awaitTermination(1, TimeUnit.SECONDS);
  }
}

package io.hamlet.agent.process;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads for what may block: made when needed, gone when idle. Platform threads, because
 * native calls would pin virtual ones. Thread-safe.
 */
final class Workers implements AutoCloseable {
  private final AtomicInteger number = new AtomicInteger();
  private final String name;
  private final ThreadPoolExecutor pool;

  /**
   * @param name of the threads
   * @param most threads at a time
   */
  Workers(String name, int most) {
    this.name = name;
    pool =
        new ThreadPoolExecutor(
            most, most, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
    pool.allowCoreThreadTimeOut(true);
    // The queue takes everything, so this is work for after the end: a timer that was still set.
    pool.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  private Thread thread(Runnable work) {
    return Thread.ofPlatform().daemon().name(name + "-" + number.incrementAndGet()).unstarted(work);
  }

  void execute(Runnable work) {
    pool.execute(work);
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}

package io.hamlet.agent.process;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads for what may block: the first at once, the others when needed. They stay, because
 * a machine that is short of processes has no threads either. Platform threads, because native
 * calls would pin virtual ones. Thread-safe.
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
            most, most, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
    pool.prestartCoreThread();
    // The queue takes everything, so this is work for after the end: a timer that was still set.
    pool.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  private Thread thread(Runnable work) {
    return Thread.ofPlatform().daemon().name(name + "-" + number.incrementAndGet()).unstarted(work);
  }

  void execute(Runnable work) {
    try {
      pool.execute(work);
    } catch (OutOfMemoryError noThread) {
      // One more could not be started; those that are there do it.
      pool.getQueue().add(work);
    }
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}

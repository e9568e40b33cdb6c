package io.hamlet.manager.runtime;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The core thread: calls the loop until told to stop. Thread-safe.
 *
 * <p>A loop that throws has a broken invariant; this process must end, so that its successor goes
 * on from the log.
 */
public final class LoopRunner {
  private static final Logger LOG = LoggerFactory.getLogger(LoopRunner.class);

  private final HamLoop loop;
  private final Runnable fatal;
  private final Thread thread;
  private volatile boolean stopped;

  /**
   * @param begin done first, on the core thread
   * @param fatal called when the loop cannot go on
   */
  public LoopRunner(HamLoop loop, Runnable begin, Runnable fatal) {
    this.loop = loop;
    this.fatal = fatal;
    this.thread = Thread.ofPlatform().name("ham-core").unstarted(() -> run(begin));
  }

  public void start() {
    thread.start();
  }

  /** Lets the thread end after what it is doing; does not wait for it. */
  public void stop() {
    stopped = true;
  }

  /** Waits for the thread to end, for that long at most. */
  public void awaitEnd(Duration limit) throws InterruptedException {
    thread.join(limit);
  }

  private void run(Runnable begin) {
    try {
      begin.run();
      while (!stopped) {
        loop.runOnce();
      }
    } catch (Throwable broken) {
      LOG.error("the core cannot go on; this manager ends and is replaced", broken);
      fatal.run();
    }
  }
}

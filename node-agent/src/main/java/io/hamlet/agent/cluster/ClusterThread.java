package io.hamlet.agent.cluster;

import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.runtime.ClusterLoop;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a {@link ClusterLoop}. What breaks in it is told and passed over: the node's own
 * tree must be cared for, whatever becomes of the cluster.
 */
final class ClusterThread {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterThread.class);

  private final Ticker ticker;
  private final ClusterLoop loop;
  private final Thread thread;
  private volatile boolean rung;
  private volatile boolean stopped;

  ClusterThread(Ticker ticker) {
    this.ticker = ticker;
    this.loop = new ClusterLoop(ticker, this::ring);
    this.thread = Thread.ofPlatform().name("ham-cluster").daemon().unstarted(this::run);
  }

  ClusterLoop loop() {
    return loop;
  }

  void start() {
    thread.start();
  }

  /** Waits for the end of what it is doing, for that long at most. */
  void stop(Duration limit) {
    stopped = true;
    ring();
    try {
      thread.join(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ring() {
    rung = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!stopped) {
      rung = false;
      long next = runOnce();
      long wait = next == Long.MAX_VALUE ? next : next - ticker.now().bootNanos();
      if (!rung && wait > 0) {
        LockSupport.parkNanos(this, wait);
      }
    }
  }

  private long runOnce() {
    try {
      return loop.runOnce();
    } catch (RuntimeException e) {
      LOG.error("one thing of the cluster failed and is passed over", e);
      return ticker.now().bootNanos() + Duration.ofMillis(100).toNanos();
    }
  }
}

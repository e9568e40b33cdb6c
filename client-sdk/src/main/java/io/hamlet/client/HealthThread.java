package io.hamlet.client;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Event-driven checking (sam.md 2.4): a message each quarter of an interval while the program is
 * started, and after every fourth the question whether it is well. Thread-safe.
 */
final class HealthThread {
  private static final Logger LOG = LoggerFactory.getLogger(HealthThread.class);
  private static final int QUARTERS = 4;
  private final Sam sam;
  private HealthCheck check;
  private long quarterNanos;
  private boolean on;
  private boolean unwell;
  private Thread thread;

  HealthThread(Sam sam) {
    this.sam = sam;
  }

  /** From now on; null: no more. Takes effect with the next start. */
  synchronized void check(HealthCheck by, Duration interval) {
    check = by;
    quarterNanos = interval.toNanos() / QUARTERS;
  }

  synchronized boolean isOn() {
    return on;
  }

  /** The program is started. A check that failed once is not asked again. */
  synchronized void go() {
    on = true;
    if (check != null && quarterNanos > 0 && !unwell) {
      thread = Thread.ofPlatform().daemon().name("sam-health").start(this::run);
    }
  }

  /** The program is stopped. */
  synchronized void rest() {
    on = false;
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  private synchronized boolean isMine() {
    return thread == Thread.currentThread();
  }

  private synchronized HealthCheck check() {
    return check;
  }

  private synchronized long pause() {
    return quarterNanos;
  }

  private void run() {
    long next = System.nanoTime();
    for (int beats = 1; isMine(); beats++) {
      next += pause();
      while (isMine() && System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
      if (!isMine()) {
        return;
      }
      beat();
      if (beats % QUARTERS == 0 && !isWell()) {
        giveUp();
        return;
      }
      next = Math.max(next, System.nanoTime() - pause());
    }
  }

  private void beat() {
    try {
      sam.heartbeat();
    } catch (SamException e) {
      LOG.debug("a message of '{}' was not taken: {}", sam.name(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isWell() {
    HealthCheck.Health health;
    try {
      health = check().check();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } catch (Exception e) {
      LOG.warn("the health check of '{}' failed", sam.name(), e);
      health = HealthCheck.Health.FAILED;
    }
    if (health == HealthCheck.Health.FAILED_NOW) {
      warnNow();
    }
    return health == HealthCheck.Health.OK || health == HealthCheck.Health.UNKNOWN;
  }

  private void warnNow() {
    try {
      sam.unhealthy();
    } catch (SamException e) {
      LOG.warn("'{}' could not be reported unhealthy: {}", sam.name(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void giveUp() {
    unwell = true;
    thread = null;
  }
}

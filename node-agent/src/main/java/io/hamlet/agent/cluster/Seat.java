package io.hamlet.agent.cluster;

import io.hamlet.manager.consensus.RatisVoter;
import io.hamlet.manager.consensus.VoterConfig;
import io.hamlet.manager.member.Ledger;
import io.hamlet.manager.member.Stamped;
import io.hamlet.manager.port.Consensus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's seat among the voters. It is taken in the background, and tried again for as long as
 * it cannot be: the node's own work waits for nothing here. Thread-safe.
 */
final class Seat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Seat.class);

  /** After a failure, such as a port that a dying process still holds; doubled each time. */
  private static final Duration AGAIN = Duration.ofMillis(250);

  private static final Duration AT_MOST = Duration.ofSeconds(30);

  private final Supplier<VoterConfig> config;
  private final Ledger ledger;
  private final Runnable taken;
  private final Semaphore calls = new Semaphore(0);
  private final Thread thread = Thread.ofPlatform().name("seat").daemon().unstarted(this::run);
  private volatile RatisVoter voter;
  private volatile Consensus consensus;
  private volatile String trouble = "";
  private volatile boolean closed;

  /**
   * @param config null: it cannot be known yet; then {@link #look} is called when it may be
   * @param taken called when this node votes
   */
  Seat(Supplier<VoterConfig> config, Ledger ledger, Runnable taken) {
    this.config = config;
    this.ledger = ledger;
    this.taken = taken;
  }

  void start() {
    thread.start();
  }

  /** More may be known now. */
  void look() {
    if (consensus == null) {
      calls.release();
    }
  }

  /** Null while this node does not vote. */
  Consensus consensus() {
    return consensus;
  }

  /** With whom this node founded the cluster. */
  List<Consensus.Voter> founders() {
    RatisVoter seated = voter;
    return seated == null ? List.of() : seated.founders();
  }

  /** Why it does not vote; empty: it does, or need not. */
  String trouble() {
    return trouble;
  }

  private void run() {
    try {
      long pause = AGAIN.toMillis();
      while (!closed && !take()) {
        calls.tryAcquire(pause, TimeUnit.MILLISECONDS);
        calls.drainPermits();
        pause = Math.min(2 * pause, AT_MOST.toMillis());
      }
    } catch (InterruptedException e) {
      // Closed.
    } catch (RuntimeException e) {
      trouble = "this node does not vote: " + e + "; start it again";
      LOG.error("this node does not vote", e);
    }
  }

  private boolean take() throws InterruptedException {
    VoterConfig known = config.get();
    while (known == null) {
      calls.acquire();
      calls.drainPermits();
      known = config.get();
    }
    try {
      RatisVoter seated = RatisVoter.start(known, ledger);
      synchronized (this) {
        if (closed) {
          seated.close();
          return true;
        }
        voter = seated;
        consensus = new Stamped(seated, ledger);
      }
      trouble = "";
      taken.run();
      return true;
    } catch (IOException e) {
      if (trouble.isEmpty()) {
        LOG.warn("this node does not vote yet: {}", e.getMessage());
      }
      trouble = "this node does not vote: " + e.getMessage() + "; it is tried again";
      return false;
    }
  }

  /** Gives it up, within a few seconds at most. */
  @Override
  public void close() {
    RatisVoter seated;
    synchronized (this) {
      closed = true;
      seated = voter;
    }
    thread.interrupt();
    if (seated != null) {
      seated.close();
    }
  }
}

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's seat among the voters. It is taken and given up in the background, and tried again
 * for as long as it cannot be taken: the node's own work waits for nothing here. Thread-safe.
 */
final class Seat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Seat.class);

  /** After a failure, such as a port that a dying process still holds; doubled each time. */
  private static final Duration AGAIN = Duration.ofMillis(250);

  private static final Duration AT_MOST = Duration.ofSeconds(30);

  private final Candidacy candidacy;
  private final Ledger ledger;
  private final Runnable turned;
  private final Runnable hung;
  private final Semaphore calls = new Semaphore(0);
  private final Thread thread = Thread.ofPlatform().name("seat").daemon().unstarted(this::run);
  private volatile Taken taken;
  private volatile Runnable leaving;
  private volatile String trouble = "";
  private volatile boolean closed;

  private record Taken(RatisVoter voter, Consensus consensus) {}

  /**
   * @param turned called when this node votes from now on, or no more
   * @param hung its voter hangs: only another process can vote with what it holds
   */
  Seat(Candidacy candidacy, Ledger ledger, Runnable turned, Runnable hung) {
    this.candidacy = candidacy;
    this.ledger = ledger;
    this.turned = turned;
    this.hung = hung;
  }

  void start() {
    thread.start();
  }

  /** More may be known now. */
  void look() {
    calls.release();
  }

  /**
   * The voters have removed this node: it votes no more, and forgets what it has voted with.
   *
   * @param done called then; it may be invited again
   */
  void leave(Runnable done) {
    leaving = done;
    look();
  }

  /** Null while this node does not vote. */
  Consensus consensus() {
    Taken now = taken;
    return now == null || leaving != null || !now.voter.failure().isEmpty() ? null : now.consensus;
  }

  /** As whom it votes; null: it does not. */
  Consensus.Voter voter() {
    Taken now = taken;
    return consensus() == null ? null : now.voter.self();
  }

  /** A node was away and is there again; see {@link RatisVoter#met}. */
  void met(String node) {
    Taken now = taken;
    if (now != null) {
      now.voter.met(node);
    }
  }

  /** A node is proved to be dead; see {@link RatisVoter#mourn}. */
  void mourn(String node) {
    Taken now = taken;
    if (now != null) {
      now.voter.mourn(node);
    }
  }

  /** With whom this node founded the cluster. */
  List<Consensus.Voter> founders() {
    Taken now = taken;
    return now == null ? List.of() : now.voter.founders();
  }

  /** Why it does not vote; empty: it does, or need not. */
  String trouble() {
    Taken now = taken;
    String failure = now == null ? "" : now.voter.failure();
    return failure.isEmpty()
        ? trouble
        : "this node votes no more: " + failure + "; mend that and start it again";
  }

  private void run() {
    try {
      long pause = AGAIN.toMillis();
      while (!closed) {
        VoterConfig known = leaving != null ? null : next();
        if (leaving != null) {
          leave();
        } else if (known == null) {
          calls.acquire();
          pause = AGAIN.toMillis();
        } else if (!take(known)) {
          calls.tryAcquire(pause, TimeUnit.MILLISECONDS);
          pause = Math.min(2 * pause, AT_MOST.toMillis());
        }
        calls.drainPermits();
      }
    } catch (InterruptedException e) {
      // Closed.
    } catch (RuntimeException e) {
      trouble = "this node does not vote: " + e + "; start it again";
      LOG.error("this node does not vote", e);
    }
  }

  /** Null: there is nothing to do. */
  private VoterConfig next() {
    return taken == null ? candidacy.get() : null;
  }

  private boolean take(VoterConfig known) {
    try {
      candidacy.begin(known);
      RatisVoter seated = RatisVoter.start(known, ledger);
      synchronized (this) {
        if (closed) {
          seated.close();
          return true;
        }
        taken = new Taken(seated, new Stamped(seated, ledger));
      }
      seated.hung().thenRun(hung);
      trouble = "";
      turned.run();
      return true;
    } catch (IOException e) {
      if (trouble.isEmpty()) {
        LOG.warn("this node does not vote yet: {}", e.getMessage());
      }
      trouble = "this node does not vote: " + e.getMessage() + "; it is tried again";
      return false;
    }
  }

  private void leave() throws InterruptedException {
    Taken last = taken;
    if (last != null) {
      last.voter.close();
      taken = null;
    }
    try {
      candidacy.clear();
      trouble = "";
      Runnable done = leaving;
      leaving = null;
      done.run();
      turned.run();
      LOG.info("this node votes no more, as the voters have decided");
    } catch (IOException e) {
      trouble = "what this node has voted with cannot be removed: " + e.getMessage();
      calls.tryAcquire(AT_MOST.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Gives it up, within a few seconds at most. */
  @Override
  public void close() {
    Taken last;
    synchronized (this) {
      closed = true;
      last = taken;
    }
    thread.interrupt();
    if (last != null) {
      last.voter.close();
    }
  }
}

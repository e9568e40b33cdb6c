package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.Proposals;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Whether this node knows by now all that it knew in an earlier life, and so all that it gave its
 * word for. A voter that begins again may have the leader's term before it has applied what it had
 * applied; so it has an entry of its own committed, which changes nothing, and is abreast when that
 * comes back. Cluster thread.
 */
public final class Abreast {
  private static final long PAUSE = Duration.ofMillis(50).toNanos();

  private final Ledger ledger;
  private final Sender sender;
  private final Runnable wake;
  private CompletableFuture<Long> underWay;
  private long own = Long.MAX_VALUE;
  private long again = Long.MIN_VALUE;
  private boolean reached;

  /**
   * @param wake has {@link #due} called soon; any thread
   */
  public Abreast(Ledger ledger, Proposals proposals, Runnable wake) {
    this.ledger = ledger;
    this.sender = new Sender(proposals);
    this.wake = wake;
  }

  /** From then on for ever. */
  public boolean isReached() {
    return reached;
  }

  /**
   * Does what is due.
   *
   * @param now CLOCK_BOOTTIME in nanoseconds
   * @return when to be called again at the latest, or when the ledger has changed
   */
  public long due(long now) {
    Ledger.Lead lead = ledger.lead();
    if (reached || lead.node().isEmpty()) {
      return Long.MAX_VALUE;
    }
    if (own == Long.MAX_VALUE) {
      return propose(now);
    }
    reached = ledger.state().last() >= own && ledger.state().reign().term() >= lead.term();
    return Long.MAX_VALUE;
  }

  private long propose(long now) {
    if (underWay != null && underWay.isDone()) {
      if (!underWay.isCompletedExceptionally()) {
        own = underWay.join();
        return due(now);
      }
      // Not taken, or nobody knows; another is as good.
      underWay = null;
      again = now + PAUSE;
    }
    if (underWay == null && now >= again) {
      underWay = sender.send(new ClusterEvent.Tree(new HamEvent.TimePassed()));
      underWay.whenComplete((index, failure) -> wake.run());
      return Long.MAX_VALUE;
    }
    return underWay == null ? again : Long.MAX_VALUE;
  }
}

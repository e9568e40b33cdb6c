package io.hamlet.manager.member;

import io.hamlet.core.cluster.Chair;
import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.ClusterStep;
import io.hamlet.core.model.Name;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.runtime.ClusterLoop;
import java.util.HashMap;
import java.util.Map;

/**
 * The leader of the cluster takes the right to lead from programs that do not renew it: when one
 * renewal has stood for its span and a margin, on this node's clock, since it was seen applied. The
 * program has counted from before it sent that renewal, so it has stopped before. A new leader
 * begins to count anew. Cluster thread.
 */
public final class ChairWarden implements ClusterLoop.Part {
  private static final long LEAST_MARGIN = 100_000_000L;

  private final Ledger ledger;
  private final Sender sender;
  private final Ticker ticker;
  private final Runnable wake;
  private final Map<Name, Watch> watches = new HashMap<>();

  /** One renewal, and by when it is over. */
  private record Watch(long renewed, long end, Once lapsed) {}

  /**
   * @param wake has {@link #due} called soon; any thread
   */
  public ChairWarden(Ledger ledger, Proposals proposals, Ticker ticker, Runnable wake) {
    this.ledger = ledger;
    this.sender = new Sender(proposals);
    this.ticker = ticker;
    this.wake = wake;
    ledger.listen(
        new Ledger.Listener() {
          @Override
          public void applied(long after, ClusterEntry entry, ClusterStep step) {
            if (entry.event() instanceof ClusterEvent.OfChair) {
              wake.run();
            }
          }

          @Override
          public void turned() {
            wake.run();
          }
        });
  }

  /** For clocks that differ, and for what the program does between a look at its own and a deed. */
  static long margin(long spanNanos) {
    return Math.max(spanNanos / 4, LEAST_MARGIN);
  }

  @Override
  public long due(long now) {
    ClusterState state = ledger.state();
    if (!ledger.lead().reigns(state)) {
      watches.clear();
      return Long.MAX_VALUE;
    }
    // After the state: a moment before it could be one before the renewal.
    long seen = ticker.now().bootNanos();
    long next = Long.MAX_VALUE;
    for (Chair chair : state.chairs().values()) {
      next = Math.min(next, watch(chair, seen));
    }
    watches.keySet().retainAll(state.chairs().keySet());
    return next;
  }

  private long watch(Chair chair, long seen) {
    Watch known = watches.get(chair.name());
    if (known == null || known.renewed() != chair.renewed()) {
      long end = seen + chair.spanNanos() + margin(chair.spanNanos());
      known = new Watch(chair.renewed(), end, new Once());
      watches.put(chair.name(), known);
    }
    if (seen < known.end()) {
      return known.end();
    }
    ClusterEvent lapsed = new ClusterEvent.Lapsed(chair.name(), chair.renewed());
    return known.lapsed().propose(sender, lapsed, seen, wake);
  }
}

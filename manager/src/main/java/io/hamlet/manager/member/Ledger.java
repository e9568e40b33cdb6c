package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterInvariants;
import io.hamlet.core.cluster.ClusterMachine;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.ClusterStep;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Happening;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.wire.ClusterCodec;
import io.hamlet.manager.wire.ClusterStateCodec;
import io.hamlet.manager.wire.WireException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what is committed. Entries come from the consensus, and from whoever follows a voter
 * while this node has none; each is applied once. Thread-safe. What cannot be read is never passed
 * over: this node's ledger stands still from there on, and says so.
 */
public final class Ledger implements Consensus.Machine {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  private final Ticker ticker;
  private final ClusterHistory history = new ClusterHistory();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile Known known;
  private volatile Lead lead = new Lead("", 0, false);
  private volatile String fault = "";

  /**
   * One reading.
   *
   * @param appliedAt CLOCK_BOOTTIME when this node learned of it
   */
  private record Known(ClusterState state, long appliedAt) {}

  /**
   * Who leads, by the consensus.
   *
   * @param node empty: nobody is known to
   * @param own this node does, and has applied an entry of its term
   */
  public record Lead(String node, long term, boolean own) {
    /** This node leads, and that state has its word for it: no other speaks for the cluster. */
    boolean reigns(ClusterState state) {
      return own && state.reign().term() == term;
    }
  }

  /** Who hears of it, on the thread that applies; must return quickly. */
  public interface Listener {
    /**
     * An entry was applied.
     *
     * @param after index of what was known before; entries between the two are not of the machine
     */
    default void applied(long after, ClusterEntry entry, ClusterStep step) {}

    /** The state is another without an entry, or somebody else leads, or nothing goes on. */
    default void turned() {}

    /** Who only wants to look at the state again. */
    static Listener waking(Runnable wake) {
      return new Listener() {
        @Override
        public void applied(long after, ClusterEntry entry, ClusterStep step) {
          wake.run();
        }

        @Override
        public void turned() {
          wake.run();
        }
      };
    }
  }

  public Ledger(Ticker ticker) {
    this.ticker = ticker;
    this.known = new Known(ClusterState.empty(Limits.DEFAULT), ticker.now().bootNanos());
  }

  /** Before the first entry, or from a part's constructor. */
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  public ClusterState state() {
    return known.state();
  }

  public Lead lead() {
    return lead;
  }

  /** Of the tree {@code *}. */
  public ClusterHistory history() {
    return history;
  }

  /** Why nothing is applied any more; empty: all is well. */
  public String fault() {
    return fault;
  }

  /** Now, in the time of the cluster. */
  public Moment now() {
    Known k = known;
    Moment here = ticker.now();
    long passed = Math.max(0, here.bootNanos() - k.appliedAt());
    return new Moment(k.state().now().bootNanos() + passed, here.wallNanos());
  }

  /** A time of the cluster on this node's CLOCK_BOOTTIME; Long.MAX_VALUE stays. */
  public long here(long clusterNanos) {
    Known k = known;
    return clusterNanos == Long.MAX_VALUE
        ? clusterNanos
        : clusterNanos - k.state().now().bootNanos() + k.appliedAt();
  }

  /**
   * Nothing for an entry that is known already, by whatever way it came. Throws
   * IllegalStateException when it cannot be applied, so that a consensus does not count it as
   * applied.
   */
  @Override
  public synchronized void committed(long index, long term, byte[] command) {
    checkSound();
    if (index <= state().last()) {
      return;
    }
    ClusterEntry entry;
    try {
      ClusterCodec.Command read = ClusterCodec.decode(command);
      Moment at = read.at() == null ? Moment.ZERO : read.at();
      entry = new ClusterEntry(index, at, read.event());
    } catch (WireException e) {
      broken("entry " + index + " cannot be read: " + e.getMessage());
      throw new IllegalStateException(fault, e);
    }
    long appliedAt = ticker.now().bootNanos();
    long after = state().last();
    ClusterStep step = ClusterMachine.apply(state(), entry);
    known = new Known(step.state(), appliedAt);
    // Several trees may tell of one entry, in whatever order; a history is in that of the ids.
    step.effects().stream()
        .filter(Effect.Announce.class::isInstance)
        .map(effect -> ((Effect.Announce) effect).happening())
        .sorted(Comparator.comparing(Happening::id))
        .forEach(history::add);
    listeners.forEach(l -> l.applied(after, entry, step));
  }

  /**
   * Throws IllegalStateException when the state stands still: it is not that of any later entry.
   */
  @Override
  public synchronized byte[] snapshot() {
    checkSound();
    return ClusterStateCodec.encode(state());
  }

  /** Nothing when as much is known already. */
  @Override
  public synchronized void restore(long index, byte[] snapshot) {
    ClusterState restored;
    try {
      restored = ClusterStateCodec.decode(snapshot);
    } catch (WireException e) {
      broken("the snapshot at " + index + " cannot be read: " + e.getMessage());
      return;
    }
    List<String> faults = ClusterInvariants.faults(restored);
    if (!faults.isEmpty()) {
      broken("the snapshot at " + index + " is not sound: " + faults.getFirst());
      return;
    }
    if (restored.last() <= state().last()) {
      return;
    }
    known = new Known(restored, ticker.now().bootNanos());
    history.beginAfter(restored.told());
    turned();
  }

  @Override
  public void leaderChanged(String node, long term, boolean own) {
    lead = new Lead(node == null ? "" : node, term, own);
    turned();
  }

  /** Other voters tell what is committed from now on, to whoever follows them. */
  @Override
  public void failed(String why) {
    lead = new Lead("", lead.term(), false);
    turned();
  }

  private void checkSound() {
    if (!fault.isEmpty()) {
      throw new IllegalStateException(fault);
    }
  }

  private void broken(String why) {
    LOG.error("this node knows no more of its cluster: {}", why);
    fault = why;
    failed(why);
  }

  private void turned() {
    listeners.forEach(Listener::turned);
  }
}

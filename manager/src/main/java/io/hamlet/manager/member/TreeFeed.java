package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterStep;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.wire.ClusterCodec;
import io.hamlet.manager.wire.TreeNewsCodec;
import io.hamlet.manager.wire.TreeNewsCodec.News;
import io.hamlet.manager.wire.WireException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nodes that do not vote know what is committed: what they lack when they ask, and each entry
 * as it comes. A state goes in parts, one for each time that it is asked for, so that it neither
 * fills the way of others nor is lost on it. Of a voter; subject CLUSTER_TREE.
 */
public final class TreeFeed implements ClusterLoop.Part, Ledger.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(TreeFeed.class);

  /** Whoever follows this voter asks more often. */
  private static final long STALE_NANOS = Duration.ofSeconds(20).toNanos();

  private final Ledger ledger;
  private final ClusterBus bus;
  private final Runnable wake;
  private final ConcurrentLinkedQueue<Applied> fresh = new ConcurrentLinkedQueue<>();
  private final RecentEntries kept = new RecentEntries();
  private final Map<String, Subscriber> subscribers = new LinkedHashMap<>();
  private volatile boolean hasTurned;
  private long newest;

  /** What somebody fetches now; null: nobody does. */
  private TreeSnapshot snapshot;

  /** An entry, and what came before it: nothing follows what a snapshot has skipped. */
  private record Applied(long after, ClusterEntry entry) {}

  /** One who asked. */
  private static final class Subscriber {
    private final Member member;

    /** Index of the newest entry it was sent. */
    private long last;

    /** The snapshot that it fetches, and how many parts it has; 0 parts: it fetches none. */
    private long state;

    private int parts;

    private boolean asks = true;
    private long heardAt = Long.MIN_VALUE;

    private Subscriber(Member member, News.Pull pull) {
      this.member = member;
      this.last = pull.last();
      this.state = pull.state();
      this.parts = pull.parts();
    }
  }

  /**
   * @param wake has {@link #due} called soon; any thread
   */
  public TreeFeed(Ledger ledger, ClusterBus bus, Runnable wake) {
    this.ledger = ledger;
    this.bus = bus;
    this.wake = wake;
    this.newest = ledger.state().last();
    ledger.listen(this);
  }

  @Override
  public void applied(long after, ClusterEntry entry, ClusterStep step) {
    fresh.add(new Applied(after, entry));
    wake.run();
  }

  @Override
  public void turned() {
    hasTurned = true;
    wake.run();
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    try {
      if (TreeNewsCodec.decode(message) instanceof News.Pull pull) {
        subscribers.put(from.node(), new Subscriber(from, pull));
      }
    } catch (WireException e) {
      LOG.warn("a message of {} is passed over: {}", from.node(), e.getMessage());
    }
  }

  @Override
  public void viewChanged(List<Member> members) {
    subscribers.values().removeIf(s -> members.stream().noneMatch(s.member::isSameProcess));
  }

  @Override
  public long due(long now) {
    for (Applied next = fresh.poll(); next != null; next = fresh.poll()) {
      ClusterEntry entry = next.entry();
      byte[] command = ClusterCodec.encode(new ClusterCodec.Command(entry.at(), entry.event()));
      kept.add(new News.Committed(next.after(), entry.index(), command));
      newest = Math.max(newest, entry.index());
    }
    if (hasTurned) {
      hasTurned = false;
      newest = Math.max(newest, ledger.state().last()); // A snapshot is more than its entries.
    }
    subscribers.values().forEach(s -> serve(s, now));
    subscribers.values().removeIf(s -> now - s.heardAt > STALE_NANOS);
    if (subscribers.values().stream().allMatch(s -> s.parts == 0)) {
      snapshot = null;
    }
    return Long.MAX_VALUE;
  }

  /** Instead of {@link #due}, while this node does not vote: nothing is kept for anybody. */
  void rest() {
    fresh.clear();
    kept.clear();
    subscribers.clear();
    snapshot = null;
    newest = ledger.state().last();
  }

  long keptBytes() {
    return kept.bytes();
  }

  private void serve(Subscriber s, long now) {
    boolean asks = s.asks;
    s.asks = false;
    s.heardAt = asks ? now : s.heardAt;
    if (s.parts > 0) {
      if (!asks) {
        return; // It is busy with what it was sent.
      }
      if (snapshot != null && snapshot.last() == s.state && s.parts < snapshot.parts()) {
        say(s.member, snapshot.part(s.parts));
        return;
      }
      s.parts = 0;
    }
    for (News.Committed entry : kept.all()) {
      if (entry.after() == s.last) {
        say(s.member, entry);
        s.last = entry.index();
      }
    }
    if (s.last < newest) {
      sendState(s);
    }
  }

  private void sendState(Subscriber s) {
    // Another may be in the middle of it, and it is as good as a newer one.
    if (snapshot == null || !(snapshot.last() == newest || kept.follow(snapshot.last()))) {
      snapshot = TreeSnapshot.of(ledger.state());
    }
    say(s.member, snapshot.part(0));
    if (snapshot.parts() == 1) {
      s.last = snapshot.last();
    } else {
      s.state = snapshot.last();
      s.parts = 1;
    }
  }

  /** What is lost on the way is asked for again. */
  private void say(Member to, News news) {
    bus.send(to, Subject.CLUSTER_TREE, TreeNewsCodec.encode(news));
  }
}

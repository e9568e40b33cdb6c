package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.ClusterStep;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.wire.ClusterCodec;
import io.hamlet.manager.wire.ClusterStateCodec;
import io.hamlet.manager.wire.TreeNewsCodec;
import io.hamlet.manager.wire.TreeNewsCodec.News;
import io.hamlet.manager.wire.WireException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nodes that do not vote know what is committed: what they lack when they ask, and each entry
 * as it comes. Of a voter; subject CLUSTER_TREE.
 */
public final class TreeFeed implements ClusterLoop.Part, Ledger.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(TreeFeed.class);

  /** Who lacks more gets the state instead. */
  private static final int KEPT = 1_024;

  private static final int PART_BYTES = 512 * 1024;

  private final Ledger ledger;
  private final ClusterBus bus;
  private final Runnable wake;
  private final ConcurrentLinkedQueue<Applied> fresh = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<News.Committed> kept = new ArrayDeque<>();
  private final Map<String, Subscriber> subscribers = new LinkedHashMap<>();
  private volatile boolean hasTurned;
  private long newest;

  /** An entry, and what came before it: nothing follows what a snapshot has skipped. */
  private record Applied(long after, ClusterEntry entry) {}

  /**
   * One who asked.
   *
   * @param last index of the newest entry it was sent
   */
  private record Subscriber(Member member, long last) {}

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
        subscribers.put(from.node(), new Subscriber(from, pull.last()));
      }
    } catch (WireException e) {
      LOG.warn("a message of {} is passed over: {}", from.node(), e.getMessage());
    }
  }

  @Override
  public void viewChanged(List<Member> members) {
    subscribers.values().removeIf(s -> members.stream().noneMatch(s.member()::isSameProcess));
  }

  @Override
  public long due(long now) {
    for (Applied next = fresh.poll(); next != null; next = fresh.poll()) {
      ClusterEntry entry = next.entry();
      byte[] command = ClusterCodec.encode(new ClusterCodec.Command(entry.at(), entry.event()));
      kept.add(new News.Committed(next.after(), entry.index(), command));
      newest = Math.max(newest, entry.index());
      if (kept.size() > KEPT) {
        kept.removeFirst();
      }
    }
    if (hasTurned) {
      hasTurned = false;
      newest = Math.max(newest, ledger.state().last()); // A snapshot is more than its entries.
    }
    subscribers.replaceAll((node, subscriber) -> served(subscriber));
    return Long.MAX_VALUE;
  }

  private Subscriber served(Subscriber s) {
    long last = s.last();
    for (News.Committed entry : kept) {
      if (entry.after() == last) {
        say(s.member(), entry);
        last = entry.index();
      }
    }
    if (last < newest) {
      last = sendState(s.member());
    }
    return new Subscriber(s.member(), last);
  }

  private long sendState(Member to) {
    ClusterState state = ledger.state();
    byte[] bytes = ClusterStateCodec.encode(state);
    int parts = Math.max(1, (bytes.length + PART_BYTES - 1) / PART_BYTES);
    for (int i = 0; i < parts; i++) {
      int from = i * PART_BYTES;
      ByteBuffer part = ByteBuffer.wrap(bytes, from, Math.min(PART_BYTES, bytes.length - from));
      say(to, new News.Part(state.last(), i, parts, part));
    }
    return state.last();
  }

  /** What is lost on the way is asked for again. */
  private void say(Member to, News news) {
    bus.send(to, Subject.CLUSTER_TREE, TreeNewsCodec.encode(news));
  }
}

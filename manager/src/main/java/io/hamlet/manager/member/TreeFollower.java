package io.hamlet.manager.member;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.wire.TreeNewsCodec;
import io.hamlet.manager.wire.TreeNewsCodec.News;
import io.hamlet.manager.wire.WireException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ledger of a node that does not vote: asks one voter for what it lacks, takes what
 * comes, and asks another when that one is gone or says nothing. Subject CLUSTER_TREE.
 */
public final class TreeFollower implements ClusterLoop.Part {
  private static final Logger LOG = LoggerFactory.getLogger(TreeFollower.class);

  /** So often it is asked again, in case that something was lost on the way. */
  private static final long PERIOD = Duration.ofSeconds(2).toNanos();

  /** So long the first voter that is asked for all has time to begin; the next twice as long. */
  private static final long SHORTEST = PERIOD / 10;

  private final List<String> first;
  private final Ledger ledger;
  private final ClusterBus bus;
  private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
  private String voter = "";
  private boolean answered;
  private long patience = SHORTEST;
  private long again = Long.MIN_VALUE;

  /** The snapshot that is being fetched. */
  private long state;

  private int of;
  private int nextPart;

  /**
   * @param voters by name, as this node was told; the cluster tells it more
   */
  public TreeFollower(List<String> voters, Ledger ledger, ClusterBus bus) {
    this.first = List.copyOf(voters);
    this.ledger = ledger;
    this.bus = bus;
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    if (!from.node().equals(voter)) {
      return;
    }
    if (!ledger.fault().isEmpty()) {
      return; // It stands still, and says so.
    }
    try {
      take(TreeNewsCodec.decode(message));
    } catch (IllegalStateException e) {
      LOG.warn("node {} is followed no more: {}", from.node(), e.getMessage());
    } catch (WireException e) {
      LOG.warn("a message of {} is passed over: {}", from.node(), e.getMessage());
    }
  }

  @Override
  public void viewChanged(List<Member> members) {
    boolean gone = members.stream().noneMatch(m -> m.node().equals(voter));
    if (gone) {
      again = Long.MIN_VALUE;
    }
  }

  @Override
  public long due(long now) {
    if (!ledger.fault().isEmpty()) {
      return Long.MAX_VALUE;
    }
    if (now < again) {
      return again;
    }
    if (answered) {
      patience = SHORTEST;
    }
    if (!answered || bus.ham(voter) == null) {
      voter = another();
      drop();
    }
    boolean fetching = nextPart > 0;
    Member asked = bus.ham(voter);
    if (asked != null) {
      // Whoever knows something may have nothing new to be told.
      answered = ledger.state().last() > 0 && !fetching;
      News.Pull pull = new News.Pull(ledger.state().last(), state, nextPart);
      bus.send(asked, Subject.CLUSTER_TREE, TreeNewsCodec.encode(pull));
    }
    again = now + (answered || fetching ? PERIOD : patience);
    if (asked != null && !answered) {
      patience = Math.min(PERIOD, 2 * patience);
    }
    return again;
  }

  private void take(News news) {
    switch (news) {
      case News.Pull p -> {
        // Not of a node that does not vote.
      }
      case News.Committed c -> {
        if (c.after() == ledger.state().last()) {
          answered = true;
          ledger.committed(c.index(), 0, c.command());
        } else if (c.index() > ledger.state().last() && nextPart == 0) {
          again = Long.MIN_VALUE;
        }
      }
      case News.Part p -> part(p);
    }
  }

  private void part(News.Part p) {
    if (p.number() == 0) {
      drop();
      state = p.last();
      of = p.of();
    }
    if (p.last() != state || p.of() != of || p.number() != nextPart) {
      return; // Of another, or said twice. What is wanted is asked for again in time.
    }
    answered = true;
    nextPart++;
    byte[] bytes = new byte[p.state().remaining()];
    p.state().duplicate().get(bytes);
    parts.writeBytes(bytes);
    again = Long.MIN_VALUE;
    if (nextPart == of) {
      // A voter that lags behind what is known here has nothing to tell.
      if (p.last() > ledger.state().last()) {
        ledger.restore(p.last(), parts.toByteArray());
      }
      drop();
    }
  }

  /** What was fetched of a snapshot is of no use any more. */
  private void drop() {
    parts.reset();
    nextPart = 0;
    state = 0;
    of = 0;
  }

  /** The next voter that can be reached, round and round. */
  private String another() {
    TreeSet<String> names = new TreeSet<>(ledger.state().voters().keySet());
    names.addAll(first);
    List<String> there = new ArrayList<>();
    for (String name : names) {
      if (bus.ham(name) != null) {
        there.add(name);
      }
    }
    if (there.isEmpty()) {
      return voter;
    }
    for (String name : there) {
      if (name.compareTo(voter) > 0) {
        return name;
      }
    }
    return there.getFirst();
  }
}

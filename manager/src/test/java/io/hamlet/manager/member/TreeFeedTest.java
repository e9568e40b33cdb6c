package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.model.Moment;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.ClusterCodec;
import io.hamlet.manager.wire.Digest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Node n, which does not vote, follows voter v, whose managers have just begun. */
class TreeFeedTest {
  private static final Member V = new Member("v", Member.Role.HAM, 1, 1, "");
  private static final Member N = new Member("n", Member.Role.HAM, 2, 1, "");

  private final Voting cluster = new Voting("a", "b", "c");
  private final Ledger known = cluster.voter("a").ledger;
  private final Ledger voter = new Ledger(cluster.voter("a"));
  private final Ledger node = new Ledger(cluster.voter("b"));
  private final Queue<Runnable> onTheWay = new ArrayDeque<>();
  private final TreeFeed feed = new TreeFeed(voter, new End(V), () -> {});
  private final TreeFollower follower = new TreeFollower(List.of("v"), node, new End(N));
  private long now;

  /** One end of the only wire. */
  private final class End implements ClusterBus {
    private final Member own;

    End(Member own) {
      this.own = own;
    }

    @Override
    public boolean send(Member to, Subject subject, byte[] message) {
      onTheWay.add(
          () -> {
            if (to.equals(V)) {
              feed.received(own, subject, message);
            } else {
              follower.received(own, subject, message);
            }
          });
      return true;
    }

    @Override
    public List<Member> view() {
      return List.of(N, V);
    }
  }

  private void run() {
    for (int i = 0; i < 50; i++) {
      now += 100_000_000;
      follower.due(now);
      feed.due(now);
      deliver();
    }
  }

  private void deliver() {
    for (Runnable next = onTheWay.poll(); next != null; next = onTheWay.poll()) {
      next.run();
    }
  }

  /** The voter takes over what another knows. */
  private void restore(Ledger other) {
    long before = voter.state().last();
    voter.restore(other.state().last(), other.snapshot());
    assertThat(voter.state().last()).isGreaterThan(before);
  }

  private void commit(Ledger to, boolean standby) {
    ClusterEvent event = new ClusterEvent.Standby("a", standby);
    byte[] command = ClusterCodec.encode(new ClusterCodec.Command(Moment.ZERO, event));
    to.committed(to.state().last() + 1, 1, command);
  }

  private void assertSame() {
    run();
    assertThat(node.state().last()).isEqualTo(voter.state().last());
    assertThat(node.state().id()).isNotEmpty();
    assertThat(Digest.of(node.state())).isEqualTo(Digest.of(voter.state()));
  }

  /** Seen live: a node took the first entry after a voter's snapshot for the first of all. */
  @Test
  void whatASnapshotHeldIsNotLeftOut() {
    restore(known);
    commit(voter, true);
    assertSame();
    commit(voter, false);
    assertSame();
  }

  @Test
  void aSnapshotThatNoEntryFollowsIsTold() {
    run();
    restore(known);
    assertSame();
  }

  @Test
  void whatASnapshotSkippedIsNotLeftOut() {
    restore(known);
    commit(voter, true);
    assertSame();
    Ledger ahead = new Ledger(cluster.voter("c"));
    ahead.restore(voter.state().last(), voter.snapshot());
    commit(ahead, false);
    restore(ahead);
    commit(voter, true);
    assertSame();
  }

  /** Seen live: who had just joined was told nothing until it asked again, 2 s later. */
  @Test
  void whoIsAnotherIncarnationNowIsToldOn() {
    restore(known);
    assertSame();
    feed.viewChanged(List.of(new Member("n", Member.Role.HAM, 2, 7, "198.18.0.1:4226"), V));
    commit(voter, true);
    feed.due(now);
    deliver();
    assertThat(node.state().last()).isEqualTo(voter.state().last());
    feed.viewChanged(List.of(new Member("n", Member.Role.HAM, 3, 8, ""), V));
    commit(voter, false);
    feed.due(now);
    assertThat(onTheWay).as("to a process that is gone").isEmpty();
  }
}

package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.wire.ClusterCodec;
import io.hamlet.manager.wire.Digest;
import io.hamlet.manager.wire.TreeNewsCodec;
import io.hamlet.manager.wire.TreeNewsCodec.News;
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
  private int room = Integer.MAX_VALUE;
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
      if (message.length > room) {
        return false;
      }
      room -= message.length;
      onTheWay.add(
          () -> {
            room += message.length;
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
    commit(to, new ClusterEvent.Standby("a", standby));
  }

  private void commit(Ledger to, ClusterEvent event) {
    byte[] command = ClusterCodec.encode(new ClusterCodec.Command(Moment.ZERO, event));
    to.committed(to.state().last() + 1, 1, command);
  }

  /** Each entry is as much as a program may store. */
  private void commitMuch(Ledger to, int entities) {
    for (int i = 0; i < entities; i++) {
      ProcessSpec spec = ProcessSpec.of(List.of("/bin/x", ("" + i).repeat(60_000)));
      Command attach = new Command.Attach(new Name("e" + i), null, spec, Flags.OfEntity.NONE);
      commit(to, new ClusterEvent.Tree(new HamEvent.Requested(new RequestId(1, i + 1, 0), attach)));
    }
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

  @Test
  void aLargeStateComesWholeThroughANarrowDoor() {
    restore(known);
    commitMuch(voter, 60);
    assertThat(voter.snapshot().length).isGreaterThan(6 * 512 * 1024);
    room = 700_000;
    assertSame();
    commit(voter, true);
    assertSame();
  }

  /** What is committed meanwhile neither disturbs it nor is left out. */
  @Test
  void aLargeStateComesWholeWhileEntriesAreCommitted() {
    restore(known);
    commitMuch(voter, 60);
    for (int i = 0; i < 10; i++) {
      commit(voter, i % 2 == 0);
      now += 10_000_000;
      feed.due(now);
      follower.due(now);
      Runnable one = onTheWay.poll();
      if (one != null) {
        one.run();
      }
    }
    assertSame();
  }

  @Test
  void whatIsLostOfALargeStateIsAskedForAgain() {
    restore(known);
    commitMuch(voter, 60);
    for (int i = 0; i < 40; i++) {
      now += 2_100_000_000L;
      follower.due(now);
      feed.due(now);
      if (i % 3 == 0) {
        onTheWay.clear();
      }
      deliver();
    }
    assertSame();
  }

  /** Parts of two states make none. */
  @Test
  void aPartOfAnotherStateIsNotTakenForTheNext() {
    restore(known);
    commitMuch(voter, 60);
    TreeSnapshot first = TreeSnapshot.of(voter.state());
    commit(voter, true);
    TreeSnapshot second = TreeSnapshot.of(voter.state());
    follower.due(now);
    onTheWay.clear();
    say(first.part(0));
    for (int i = 1; i < second.parts(); i++) {
      say(second.part(i));
    }
    assertThat(node.fault()).isEmpty();
    assertThat(node.state().last()).isZero();
    assertSame();
  }

  private void say(News news) {
    follower.received(V, Subject.CLUSTER_TREE, TreeNewsCodec.encode(news));
  }

  /** Seen in review: each entry stayed in the memory of a node that feeds nobody. */
  @Test
  void whoDoesNotVoteKeepsNothing() {
    boolean[] votes = {false};
    TreeSide side = new TreeSide(feed, follower, () -> votes[0]);
    restore(known);
    commitMuch(voter, 10);
    side.due(now);
    votes[0] = true;
    side.due(now);
    assertThat(feed.keptBytes()).isZero();
    commitMuch(voter, 10);
    side.due(now);
    assertThat(feed.keptBytes()).isPositive();
  }

  @Test
  void whatIsKeptIsBoundedByItsSize() {
    restore(known);
    commitMuch(voter, 100);
    feed.due(now);
    assertThat(feed.keptBytes()).isBetween(1L, (long) RecentEntries.MOST_BYTES);
    assertSame();
  }
}

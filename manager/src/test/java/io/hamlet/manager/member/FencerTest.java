package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.FenceRule;
import io.hamlet.core.cluster.Hold;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Tenure;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.wire.ClusterCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What lost nodes were granted is taken away when they must have stopped, and no sooner. */
class FencerTest {
  private static final Name DB = new Name("db");
  private static final long LEASE = Voting.TIMES.leaseNanos();
  private static final long MARGIN = Voting.TIMES.margin();
  private static final LeaseTimes TIMES = Voting.TIMES;
  private static final LeaseTimes LONG = new LeaseTimes(4 * LEASE);
  private static final LeaseTimes BRIEF = new LeaseTimes(LEASE / 2);
  private static final Duration SHORT = Duration.ofMillis(300);

  /** Runs until it is elsewhere; returns when that was. */
  private static long untilMoved(Voting cluster, String seenBy, String from) {
    for (int i = 0; i < 2_000; i++) {
      if (!from.equals(holder(cluster, seenBy))) {
        return cluster.now;
      }
      cluster.run(Duration.ofMillis(5));
    }
    throw new AssertionError("still on " + from + ": " + tenure(cluster, seenBy));
  }

  /** Found in review: only the fences of members were in the ledger that a voter begins with. */
  @Test
  void whoWasForgottenIsNotAcknowledgedAfterTheVotersRestarted() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.follow("d");
    cluster.run(Duration.ofSeconds(1));
    owned(cluster, "d", OwnerPolicy.QuorumLoss.STOP);
    cluster.cutOff("d");
    untilMoved(cluster, "a", "d");
    assertThat(ask(cluster, new Command.Forget("d"))).isEqualTo(Reply.OK);
    for (String voter : List.of("a", "b", "c")) {
      cluster.restart(voter);
    }
    cluster.run(SHORT);
    for (String voter : List.of("a", "b", "c")) {
      Voting.Pledges assents = cluster.voter(voter).assents;
      assertThat(assents.acknowledges("d", 1, cluster.now)).as(voter).isFalse();
      assertThat(assents.acknowledges("d", 2, cluster.now)).as(voter).isTrue();
      assertThat(assents.acknowledges("a", 1, cluster.now)).as(voter).isTrue();
    }
  }

  @Test
  void anOwnerThatIsCutOffIsWaitedOutFromItsLastAcknowledgement() {
    Voting cluster = owned("c", OwnerPolicy.QuorumLoss.STOP);
    cluster.cutOff("c");
    long end = cluster.voter("c").leaseEnd;
    long moved = untilMoved(cluster, "a", "c");
    assertThat(cluster.voter("c").leaseEnd).isEqualTo(end);
    assertThat(moved).isGreaterThanOrEqualTo(end + MARGIN);
    // H8: not a lease from the fence, but from the last acknowledgement.
    assertThat(moved).isLessThan(end + MARGIN + 100_000_000L);
    assertThat(holder(cluster, "a")).isEqualTo("a");
    assertThat(node(cluster, "a", "c").loss().proof()).isEqualTo(Proof.LEASE);
  }

  /** Found in review: the leader went by its own lease, which may be shorter than the owner's. */
  @Test
  void anOwnerWithALongerLeaseIsWaitedOutByThat() {
    Voting cluster = ofLease(LONG);
    long end = cluster.voter("d").leaseEnd;
    long moved = untilMoved(cluster, "a", "d");
    assertThat(moved).isBetween(end + LONG.margin(), end + LONG.margin() + 100_000_000L);
  }

  /** And by what it gives its processes after that. */
  @Test
  void anOwnerWithAGraceIsWaitedOutByThatToo() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.follow("d").grace = 2 * LEASE;
    cluster.run(Duration.ofSeconds(1));
    owned(cluster, "d", OwnerPolicy.QuorumLoss.STOP);
    cluster.cutOff("d");
    long end = cluster.voter("d").leaseEnd + 2 * LEASE;
    long moved = untilMoved(cluster, "a", "d");
    assertThat(moved).isBetween(end + MARGIN, end + MARGIN + 100_000_000L);
  }

  /** Found in review: a leader that was told of no fencing took the end of a lease for a proof. */
  @Test
  void theStrictestRuleOfAllNodesCountsWhateverTheLeaderWasTold() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.follow("d").fencing = FenceRule.REQUIRED;
    cluster.run(Duration.ofSeconds(1));
    owned(cluster, "c", OwnerPolicy.QuorumLoss.STOP);
    cluster.cutOff("c");
    cluster.run(Duration.ofSeconds(30));
    assertThat(node(cluster, "a", "c").isFenced()).isTrue();
    assertThat(holder(cluster, "a")).isEqualTo("c");
  }

  @Test
  void anOwnerWithAShorterLeaseIsWaitedOutByThat() {
    Voting cluster = ofLease(BRIEF);
    long end = cluster.voter("d").leaseEnd;
    long moved = untilMoved(cluster, "a", "d");
    assertThat(moved).isBetween(end + BRIEF.margin(), end + BRIEF.margin() + 100_000_000L);
  }

  /** What an earlier start runs ends with that start's lease, whatever the next one's is. */
  @Test
  void anotherStartWithAShorterLeaseShortensNoWait() {
    Voting cluster = ofLease(LONG);
    long end = cluster.voter("d").leaseEnd;
    cluster.run(SHORT);
    ClusterEvent next =
        new ClusterEvent.Joined(
            "d", "later", "state-d", 99, "d:2", 1, 0, Terms.ofLease(TIMES.leaseNanos()));
    byte[] command = ClusterCodec.encode(new ClusterCodec.Command(null, next));
    cluster.voter("a").propose(command, SHORT);
    long moved = untilMoved(cluster, "a", "d");
    assertThat(moved).isBetween(end + LONG.margin(), end + LONG.margin() + 100_000_000L);
  }

  /** Found by the simulator: what the start before ran was over, and its lease was waited for. */
  @Test
  void whatAShorterLeaseWasGrantedSinceIsWaitedOutByThat() {
    Voting cluster = new Voting("a", "b", "c");
    Voting.Station d = cluster.follow("d");
    d.lease = LONG;
    cluster.run(SHORT);
    owned(cluster, "d", OwnerPolicy.QuorumLoss.STOP);
    // No lease's end says anything of what is kept (seed 940041).
    attach(cluster, new Name("kept"), "d", OwnerPolicy.QuorumLoss.KEEP);
    d.start = 99;
    d.lease = BRIEF;
    cluster.run(SHORT);
    long before = tenure(cluster, "a").hold().grant();
    ClusterEvent over = new ClusterEvent.Released(DB, before, Tenure.Release.MOVED, "");
    cluster.voter("a").propose(ClusterCodec.encode(new ClusterCodec.Command(null, over)), SHORT);
    cluster.run(SHORT);
    assertThat(tenure(cluster, "a").hold().incarnation()).isEqualTo(2);
    cluster.cutOff("d");
    long end = d.leaseEnd;
    long moved = untilMoved(cluster, "a", "d");
    assertThat(moved).isBetween(end + BRIEF.margin(), end + BRIEF.margin() + 100_000_000L);
  }

  /** A1: who was the leader believes it still, and so does the owner beside it. */
  @Test
  void aDeposedLeaderKeepsNoLeaseAlive() {
    Voting cluster = owned("b", OwnerPolicy.QuorumLoss.STOP, "a", "b", "c", "d", "e");
    cluster.split(List.of("a", "b"), List.of("c", "d", "e"));
    cluster.elect("c");
    long end = cluster.voter("b").leaseEnd;
    long moved = untilMoved(cluster, "c", "b");
    assertThat(cluster.voter("a").ledger.lead().own()).isTrue();
    assertThat(holder(cluster, "a")).isEqualTo("b");
    assertThat(cluster.voter("b").leaseEnd).isEqualTo(end);
    assertThat(moved).isGreaterThanOrEqualTo(end + MARGIN);
  }

  /** A2: nobody who is healthy loses a lease with the leader. */
  @Test
  void theLossOfTheLeaderStopsNobody() {
    Voting cluster = owned("b", OwnerPolicy.QuorumLoss.STOP);
    cluster.voter("a").dead = true;
    long until = cluster.now + 4 * LEASE;
    while (cluster.now < until) {
      cluster.run(Duration.ofMillis(50));
      assertThat(cluster.voter("b").leaseEnd).isGreaterThan(cluster.now);
      if (cluster.now > until - 2 * LEASE && !cluster.leader.equals("c")) {
        cluster.elect("c");
      }
    }
    assertThat(holder(cluster, "c")).isEqualTo("b");
    assertThat(node(cluster, "c", "a").standing()).isEqualTo(Node.Standing.LOST);
  }

  /** And what the leader ran itself is moved by the next one. */
  @Test
  void theLeadersOwnIsMovedByTheNext() {
    Voting cluster = owned("a", OwnerPolicy.QuorumLoss.STOP);
    cluster.cutOff("a");
    long end = cluster.voter("a").leaseEnd;
    cluster.run(SHORT);
    cluster.elect("b");
    long moved = untilMoved(cluster, "b", "a");
    assertThat(moved).isBetween(end + MARGIN, end + MARGIN + 100_000_000L);
  }

  /** Whoever leads when: it is moved once, and never early. */
  @Test
  void leadersThatComeAndGoInTheWait() {
    for (int step = 0; step < 40; step++) {
      Voting cluster = owned("e", OwnerPolicy.QuorumLoss.STOP, "a", "b", "c", "d", "e");
      cluster.cutOff("e");
      long end = cluster.voter("e").leaseEnd;
      cluster.run(Duration.ofMillis(50L * step));
      boolean early = cluster.now < end + MARGIN && !"e".equals(holder(cluster, "a"));
      assertThat(early).as("step %d", step).isFalse();
      cluster.elect("b");
      long moved = untilMoved(cluster, "b", "e");
      assertThat(moved).as("step %d", step).isGreaterThanOrEqualTo(end + MARGIN);
      assertThat(node(cluster, "b", "e").fence().proof()).isEqualTo(Proof.LEASE);
    }
  }

  @Test
  void whoIsHeardInTimeKeepsWhatItHas() {
    Voting cluster = owned("c", OwnerPolicy.QuorumLoss.STOP);
    long grant = tenure(cluster, "a").hold().grant();
    cluster.cutOff("c");
    while (node(cluster, "a", "c").standing() == Node.Standing.UP) {
      cluster.run(Duration.ofMillis(5));
    }
    cluster.heal();
    cluster.run(SHORT);
    boolean fenced = node(cluster, "a", "c").isFenced();
    cluster.run(Duration.ofSeconds(5));
    assertThat(tenure(cluster, "a").hold().grant() == grant).isEqualTo(!fenced);
  }

  /** A fence that reached the voters is no lease of the fenced one, whoever hears it again. */
  @Test
  void aFencedOneThatIsHeardAgainIsWaitedOutToo() {
    Voting cluster = owned("c", OwnerPolicy.QuorumLoss.STOP);
    cluster.cutOff("c");
    while (!node(cluster, "a", "c").isFenced()) {
      cluster.run(Duration.ofMillis(5));
    }
    long end = cluster.voter("c").leaseEnd;
    cluster.heal();
    long moved = untilMoved(cluster, "a", "c");
    assertThat(cluster.voter("c").leaseEnd).isEqualTo(end);
    assertThat(moved).isGreaterThanOrEqualTo(end + MARGIN);
  }

  /** It lives, has stopped what it had, and goes on as another start. */
  @Test
  void aFencedOneThatLivesJoinsAnew() {
    Voting cluster = owned("c", OwnerPolicy.QuorumLoss.STOP);
    cluster.cutOff("c");
    untilMoved(cluster, "a", "c");
    cluster.heal();
    cluster.run(SHORT);
    assertThat(node(cluster, "a", "c").isFenced()).isTrue();
    cluster.voter("c").start = 78;
    cluster.run(SHORT);
    assertThat(cluster.voter("c").incarnations).containsExactly(1L, 2L);
    assertThat(cluster.voter("c").admission.notice()).isEmpty();
    assertThat(node(cluster, "a", "c").isFenced()).isFalse();
    assertThat(ask(cluster, new Command.Move(DB, "c"))).isEqualTo(Reply.OK);
    cluster.voter("c").admission.leave(Duration.ofSeconds(1));
    cluster.run(SHORT);
    assertThat(node(cluster, "a", "c").standing()).isEqualTo(Node.Standing.LEFT);
  }

  /** Its name has gone: another start of its own does not win it back. */
  @Test
  void aCloneDoesNotJoinAnew() {
    Voting cluster = owned("b", OwnerPolicy.QuorumLoss.STOP);
    ClusterEvent clone =
        new ClusterEvent.Joined("c", "other", "copy", 99, "x:1", 1, 0, Terms.ofLease(LEASE));
    byte[] command = ClusterCodec.encode(new ClusterCodec.Command(null, clone));
    cluster.voter("a").propose(command, SHORT);
    cluster.run(SHORT);
    assertThat(cluster.voter("c").admission.notice()).contains("CLONED");
    cluster.voter("c").start = 78;
    cluster.run(SHORT);
    assertThat(cluster.voter("c").incarnations).containsExactly(1L);
    assertThat(cluster.voter("c").admission.notice()).contains("CLONED");
  }

  @Test
  void anObituaryIsBelievedAtOnceFromWhoeverHearsIt() {
    Voting cluster = owned("c", OwnerPolicy.QuorumLoss.STOP);
    cluster.voter("c").dead = true;
    cluster.voter("b").mourner.ended("c", 1, false);
    cluster.run(Duration.ofMillis(50));
    assertThat(holder(cluster, "a")).isEqualTo("a");
    assertThat(node(cluster, "a", "c").fence().proof()).isEqualTo(Proof.OBITUARY);
    long grant = tenure(cluster, "a").hold().grant();
    cluster.voter("a").mourner.ended("c", 1, false);
    cluster.voter("b").mourner.ended("c", 1, true);
    cluster.run(SHORT);
    assertThat(tenure(cluster, "a").hold().grant()).isEqualTo(grant);
  }

  @Test
  void anObituaryOfAStartToComeIsNothing() {
    Voting cluster = owned("c", OwnerPolicy.QuorumLoss.STOP);
    cluster.voter("b").mourner.ended("c", 2, true);
    cluster.voter("b").mourner.ended("x", 1, true);
    cluster.run(SHORT);
    assertThat(holder(cluster, "a")).isEqualTo("c");
    assertThat(node(cluster, "a", "c").isFenced()).isFalse();
  }

  @Test
  void whatIsKeptWithoutQuorumWaitsForMoreThanALease() {
    Voting cluster = owned("c", OwnerPolicy.QuorumLoss.KEEP);
    cluster.cutOff("c");
    cluster.run(Duration.ofSeconds(10));
    assertThat(holder(cluster, "a")).isEqualTo("c");
    cluster.voter("b").mourner.ended("c", 1, false);
    cluster.run(SHORT);
    assertThat(holder(cluster, "a")).isEqualTo("c");
    cluster.voter("b").mourner.ended("c", 1, true);
    cluster.run(SHORT);
    assertThat(holder(cluster, "a")).isEqualTo("a");
  }

  @Test
  void withoutAMajorityNothingMoves() {
    Voting cluster = owned("c", OwnerPolicy.QuorumLoss.STOP);
    cluster.voter("b").dead = true;
    cluster.cutOff("c");
    cluster.run(Duration.ofSeconds(10));
    assertThat(holder(cluster, "a")).isEqualTo("c");
  }

  @Test
  void whatOperatorsWantIsAnsweredWhenItIsCommitted() {
    Voting cluster = owned("c", OwnerPolicy.QuorumLoss.STOP);
    assertThat(ask(cluster, new Command.Move(DB, "b"))).isEqualTo(Reply.OK);
    assertThat(tenure(cluster, "c").hold()).isInstanceOf(Hold.Leaving.class);
    assertThat(ask(cluster, new Command.Move(DB, "x"))).isInstanceOf(Reply.No.class);
    assertThat(ask(cluster, new Command.Standby("a", true))).isEqualTo(Reply.OK);
    assertThat(node(cluster, "b", "a").duty().standby()).isTrue();
    assertThat(ask(cluster, new Command.Drain("a"))).isEqualTo(Reply.OK);
    assertThat(ask(cluster, new Command.Standby("a", false))).isEqualTo(Reply.OK);
    assertThat(node(cluster, "b", "a").duty()).isEqualTo(Node.Duty.ALL);
    assertThat(ask(cluster, new Command.ConfirmFenced("a"))).isInstanceOf(Reply.No.class);
    assertThat(ask(cluster, new Command.EndMaintenance("db", "me"))).isInstanceOf(Reply.No.class);
  }

  @Test
  void aMaintenanceEndsByItself() {
    Voting cluster = owned("c", OwnerPolicy.QuorumLoss.STOP);
    Command maintain = new Command.Maintain("db", "me", "disk", Duration.ofSeconds(10));
    assertThat(ask(cluster, maintain)).isEqualTo(Reply.OK);
    cluster.cutOff("c");
    cluster.run(Duration.ofSeconds(6));
    assertThat(node(cluster, "a", "c").standing()).isEqualTo(Node.Standing.LOST);
    assertThat(node(cluster, "a", "c").isFenced()).isFalse();
    assertThat(holder(cluster, "a")).isEqualTo("c");
    cluster.run(Duration.ofSeconds(6));
    assertThat(state(cluster, "a").maintenances()).isEmpty();
    assertThat(holder(cluster, "a")).isEqualTo("a");
  }

  static Reply ask(Voting cluster, Command command) {
    CompletableFuture<Reply> reply =
        cluster
            .voter("b")
            .desk
            .submit(new RequestId(0, 0, 0), command, Ack.MAJORITY, Duration.ofSeconds(2))
            .thenApply(answered -> answered.reply());
    cluster.run(SHORT);
    return reply.join();
  }

  // --- words ----------------------------------------------------------------------------------

  /** The owner d, which was just cut off, has a longer lease than the three who vote. */
  private static Voting ofLease(LeaseTimes lease) {
    Voting cluster = new Voting("a", "b", "c");
    cluster.follow("d").lease = lease;
    cluster.run(Duration.ofSeconds(1));
    owned(cluster, "d", OwnerPolicy.QuorumLoss.STOP);
    cluster.cutOff("d");
    return cluster;
  }

  private static Voting owned(String owner, OwnerPolicy.QuorumLoss loss, String... names) {
    return owned(names.length == 0 ? new Voting("a", "b", "c") : new Voting(names), owner, loss);
  }

  static Voting owned(Voting cluster, String owner, OwnerPolicy.QuorumLoss loss) {
    attach(cluster, DB, owner, loss);
    assertThat(holder(cluster, "a")).isEqualTo(owner);
    return cluster;
  }

  private static void attach(Voting cluster, Name name, String owner, OwnerPolicy.QuorumLoss loss) {
    OwnerPolicy policy = new OwnerPolicy(List.of(owner), loss, false);
    Command attach =
        new Command.Attach(
            name, null, ProcessSpec.of(List.of("/bin/db")), Flags.OfEntity.NONE, policy);
    CompletableFuture<?> reply =
        cluster
            .voter("a")
            .desk
            .submit(new RequestId(0, 0, 0), attach, Ack.MAJORITY, Duration.ofSeconds(2))
            .thenAccept(a -> assertThat(a.reply()).isInstanceOf(Reply.Handle.class));
    cluster.run(SHORT);
    assertThat(reply).isCompleted();
  }

  private static ClusterState state(Voting cluster, String seenBy) {
    return cluster.voter(seenBy).ledger.state();
  }

  static Node node(Voting cluster, String seenBy, String name) {
    return state(cluster, seenBy).nodes().get(name);
  }

  static Tenure tenure(Voting cluster, String seenBy) {
    return state(cluster, seenBy).tenures().get(DB);
  }

  static String holder(Voting cluster, String seenBy) {
    Hold hold = tenure(cluster, seenBy).hold();
    return hold.isOut() ? hold.node() : "";
  }
}

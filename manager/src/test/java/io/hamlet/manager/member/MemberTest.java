package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Happening;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Directory;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.wire.ClusterCodec;
import io.hamlet.manager.wire.Digest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Voters that join, fall silent, are lost once, come back; and what their tree has done. */
class MemberTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @Test
  void allJoinAndAllKnowIt() {
    Voting cluster = new Voting("a", "b", "c");
    for (Voting.Station v : cluster.voters.values()) {
      assertThat(v.admission.joined()).isCompletedWithValue(1L);
      assertThat(v.roll.nodes()).extracting(Directory.Node::state).containsOnly(Directory.State.UP);
      assertThat(v.roll.nodes()).extracting(Directory.Node::name).containsExactly("a", "b", "c");
      assertThat(v.roll.about()).isEqualTo(new Directory.About("test", "id-of-a", true, "a"));
    }
    sameEverywhere(cluster);
  }

  @Test
  void aNodeIsLostOnceAndHeardAgainOnce() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.cutOff("c");
    cluster.run(SHORT);
    assertThat(standing(cluster, "a", "c")).isEqualTo(Node.Standing.LOST);
    assertThat(cluster.voter("a").roll.node("c").state()).isEqualTo(Directory.State.LOST);
    cluster.heal();
    cluster.run(SHORT);
    assertThat(standing(cluster, "c", "c")).isEqualTo(Node.Standing.UP);
    assertThat(told(cluster, "b", "c")).containsExactly("node-joined", "node-lost", "node-joined");
    assertThat(cluster.voter("c").admission.notice()).isEmpty();
    sameEverywhere(cluster);
  }

  /** At each step of it another voter leads. */
  @Test
  void lostOnceAndDoneOnceWhoeverLeads() {
    for (int step = 0; step < 40; step++) {
      Voting cluster = new Voting("a", "b", "c", "d", "e");
      whenLost(cluster, new Deed.Execute(List.of("/bin/failover"), "d"));
      cluster.cutOff("e");
      cluster.run(Duration.ofMillis(5L * step));
      cluster.elect("b");
      cluster.run(SHORT);
      assertThat(told(cluster, "c", "e"))
          .as("step %d", step)
          .containsExactly("node-joined", "node-lost");
      TreeSet<EffectId> ids = new TreeSet<>();
      cluster.voters.values().forEach(v -> v.asks.forEach(ask -> ids.add(ask.id())));
      assertThat(ids).as("step %d", step).hasSize(1);
      assertThat(cluster.voter("b").asks).as("step %d", step).isNotEmpty();
      if (!cluster.voter("a").asks.isEmpty()) {
        assertThat(cluster.voter("b").asks.getFirst().repeated()).isTrue();
      }
      cluster.heal();
      cluster.run(SHORT);
      sameEverywhere(cluster);
    }
  }

  @Test
  void aMinorityLosesNobody() {
    Voting cluster = new Voting("a", "b", "c", "d", "e");
    cluster.cutOff("a", "b");
    cluster.run(Duration.ofSeconds(3));
    for (String node : List.of("b", "c", "d", "e")) {
      assertThat(standing(cluster, "a", node)).isEqualTo(Node.Standing.UP);
    }
    assertThat(cluster.voter("a").roll.about().quorate()).isFalse();
    cluster.elect("c");
    cluster.run(SHORT);
    assertThat(standing(cluster, "c", "a")).isEqualTo(Node.Standing.LOST);
    assertThat(standing(cluster, "c", "b")).isEqualTo(Node.Standing.LOST);
    cluster.heal();
    cluster.run(SHORT);
    sameEverywhere(cluster);
  }

  @Test
  void whomAMajorityHearsIsNotLost() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.deaf.add("a<c");
    cluster.run(Duration.ofSeconds(3));
    assertThat(standing(cluster, "a", "c")).isEqualTo(Node.Standing.UP);
    cluster.deaf.add("b<c");
    cluster.run(SHORT);
    assertThat(standing(cluster, "a", "c")).isEqualTo(Node.Standing.LOST);
  }

  /** Its datagrams are not heard, but the others follow it. */
  @Test
  void whoLeadsIsNotLost() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.deaf.add("a<c");
    cluster.deaf.add("b<c");
    cluster.run(SHORT);
    assertThat(standing(cluster, "a", "c")).isEqualTo(Node.Standing.LOST);
    cluster.elect("c");
    cluster.run(SHORT);
    assertThat(standing(cluster, "a", "c")).isEqualTo(Node.Standing.UP);
    assertThat(told(cluster, "b", "c")).containsExactly("node-joined", "node-lost", "node-joined");
    sameEverywhere(cluster);
  }

  @Test
  void theLongestReplicaSaysWhatFires() {
    Voting cluster = new Voting("a", "b", "c", "d");
    HamState less = Voting.empty("d");
    HamState more = caring(less);
    cluster.kept.put("a/d", less);
    cluster.kept.put("b/d", more);
    cluster.kept.put("c/d", less);
    cluster.cutOff("d");
    cluster.run(SHORT);
    assertThat(cluster.voter("a").lines).containsExactly("web is lost");
    Node.Loss loss = cluster.voter("c").ledger.state().nodes().get("d").loss();
    assertThat(loss.place()).isEqualTo(more.last().index());
    assertThat(cluster.voter("c").ledger.history().read(null, 1_000).happenings())
        .filteredOn(h -> h.event().equals("action-done"))
        .extracting(Happening::node, Happening::path)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("d", "web/gone/say"));
  }

  @Test
  void timeGoesOnUnderTheNextLeader() {
    Voting cluster = new Voting("a", "b", "c");
    whenLost(cluster, new Deed.WaitFor("", Duration.ofSeconds(2)));
    change(cluster, "a", action(".global/lost/say", new Deed.Log("waited", false, 0)));
    cluster.cutOff("c");
    cluster.run(Duration.ofSeconds(1));
    cluster.elect("b");
    cluster.run(Duration.ofMillis(800));
    assertThat(cluster.voter("b").lines).isEmpty();
    cluster.run(Duration.ofMillis(600));
    assertThat(cluster.voter("b").lines).containsExactly("waited");
    assertThat(cluster.voter("a").lines).isEmpty();
  }

  @Test
  void aChangeIsAnsweredAtAnyNodeWhenItIsCommitted() {
    Voting cluster = new Voting("a", "b", "c");
    CompletableFuture<Requests.Answered> answer =
        submit(cluster, "b", condition(".global/lost"), Duration.ofSeconds(5));
    assertThat(answer).isNotDone();
    cluster.run(SHORT);
    assertThat(answer.join().reached()).isEqualTo(Ack.MAJORITY);
    assertThat(answer.join().reply()).isInstanceOf(Reply.Handle.class);
    sameEverywhere(cluster);
  }

  @Test
  void aChangeWaitsForALeaderAndIsDoneOnce() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.elect(null);
    CompletableFuture<Requests.Answered> answer =
        submit(cluster, "b", condition(".global/lost"), Duration.ofSeconds(5));
    cluster.run(SHORT);
    assertThat(answer).isNotDone();
    cluster.elect("c");
    cluster.run(SHORT);
    assertThat(answer.join().reply()).isInstanceOf(Reply.Handle.class);
    assertThat(cluster.voter("a").ledger.state().tree().global().conditions()).hasSize(1);
  }

  @Test
  void withoutAMajorityAChangeIsUnavailableInTime() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.cutOff("b", "c");
    CompletableFuture<Requests.Answered> answer =
        submit(cluster, "a", condition(".global/lost"), Duration.ofSeconds(2));
    cluster.run(Duration.ofSeconds(3));
    assertThat(((Reply.No) answer.join().reply()).rejection().message()).contains("majority");
  }

  @Test
  void aCloneIsToldToTheOlder() {
    Voting cluster = new Voting("a", "b", "c");
    ClusterEvent clone =
        new ClusterEvent.Joined(
            "b", "other", "copy", 99, "x:1", 1, 0, Terms.ofLease(Voting.TIMES.leaseNanos()));
    byte[] command = ClusterCodec.encode(new ClusterCodec.Command(Moment.ZERO, clone));
    cluster.voter("a").propose(command, SHORT);
    cluster.run(SHORT);
    assertThat(cluster.voter("b").admission.notice()).contains("CLONED").contains("incarnation 2");
    assertThat(cluster.voter("b").ledger.state().incarnation("b")).isEqualTo(2);
  }

  @Test
  void whoSaysGoodbyeIsNotLostAndMayBeForgotten() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.voter("c").admission.leave(SHORT);
    cluster.run(SHORT);
    cluster.voter("c").dead = true;
    cluster.run(Duration.ofSeconds(1));
    assertThat(cluster.voter("a").roll.node("c").state()).isEqualTo(Directory.State.LEAVING);
    assertThat(told(cluster, "a", "c")).containsExactly("node-joined");
    CompletableFuture<Reply> forgotten =
        cluster
            .voter("b")
            .desk
            .submit(new RequestId(0, 0, 0), new Command.Forget("c"), Ack.MAJORITY, SHORT)
            .thenApply(Requests.Answered::reply);
    cluster.run(Duration.ofSeconds(1));
    assertThat(((Reply.No) forgotten.join()).rejection().message()).contains("voter");
  }

  @Test
  void aSnapshotTakesThePlaceOfEntriesAndSaysSo() {
    Voting cluster = new Voting("a", "b", "c");
    Ledger ledger = cluster.voter("a").ledger;
    Ledger fresh = new Ledger(cluster.voter("b"));
    fresh.restore(ledger.state().last(), ledger.snapshot());
    assertThat(Digest.of(fresh.state())).isEqualTo(Digest.of(ledger.state()));
    assertThat(fresh.history().read(HamState.NOTHING_TOLD, 9).gap()).isTrue();
    assertThat(fresh.history().read(ledger.history().newest(), 9).gap()).isFalse();
    fresh.restore(9, new byte[] {1, 2, 3});
    assertThat(fresh.fault()).contains("snapshot");
  }

  @Test
  void whoDoesNotVoteKnowsAllAndJoins() {
    Voting cluster = new Voting("a", "b", "c");
    Voting.Station d = cluster.follow("d");
    cluster.run(Duration.ofSeconds(1));
    assertThat(d.admission.joined()).isCompletedWithValue(1L);
    assertThat(cluster.voter("b").roll.node("d").voter()).isFalse();
    assertThat(d.roll.about().leader()).isEqualTo("a");
    change(cluster, "d", condition(".global/lost"));
    sameEverywhere(cluster);
  }

  @Test
  void whoDoesNotVoteIsServedByAnotherVoterAfterALoss() {
    Voting cluster = new Voting("a", "b", "c");
    Voting.Station d = cluster.follow("d");
    cluster.run(Duration.ofSeconds(1));
    cluster.cutOff("a");
    cluster.elect("b");
    cluster.run(Duration.ofSeconds(3));
    assertThat(standing(cluster, "d", "a")).isEqualTo(Node.Standing.LOST);
    cluster.cutOff("d");
    cluster.run(SHORT);
    for (int i = 0; i < 5; i++) {
      change(cluster, "b", condition(".global/c" + i));
    }
    cluster.heal();
    cluster.run(Duration.ofSeconds(3));
    assertThat(standing(cluster, "d", "d")).isEqualTo(Node.Standing.UP);
    assertThat(d.ledger.fault()).isEmpty();
    sameEverywhere(cluster);
  }

  @Test
  void aLostNodeThatDoesNotVoteIsForgotten() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.follow("d");
    cluster.run(Duration.ofSeconds(1));
    CompletableFuture<Reply> up =
        cluster
            .voter("b")
            .desk
            .submit(new RequestId(0, 0, 0), new Command.Forget("d"), Ack.MAJORITY, SHORT)
            .thenApply(Requests.Answered::reply);
    cluster.run(SHORT);
    assertThat(((Reply.No) up.join()).rejection().message()).contains("is up");
    cluster.cutOff("d");
    cluster.run(SHORT);
    CompletableFuture<Requests.Answered> lost =
        submit(cluster, "b", new Command.Forget("d"), Duration.ofSeconds(2));
    cluster.run(SHORT);
    assertThat(lost.join().reply()).isEqualTo(Reply.OK);
    assertThat(cluster.voter("a").roll.node("d")).isNull();
  }

  @Test
  void aNodeIsAddedToTheVotersAndRemoved() {
    Voting cluster = new Voting("a", "b", "c");
    Voting.Station d = cluster.follow("d");
    cluster.run(Duration.ofSeconds(1));
    CompletableFuture<Requests.Answered> added = vote(cluster, "d", true);
    cluster.run(Duration.ofSeconds(2));
    assertThat(d.invitations).as("it is asked again").isGreaterThan(1);
    assertThat(added).isNotDone();
    d.ready = true;
    cluster.run(Duration.ofSeconds(1));
    assertThat(added).isDone();
    assertThat(added.join().reply()).isEqualTo(Reply.OK);
    assertThat(cluster.elected).contains(new Consensus.Voter("d", "d:1", Voting.LIFE));
    assertThat(cluster.voter("b").ledger.state().voters()).containsEntry("d", "d:1");
    assertThat(refusal(cluster, "d", true)).contains("votes already", "ham voter remove d");

    CompletableFuture<Requests.Answered> removed = vote(cluster, "b", false);
    cluster.run(SHORT);
    assertThat(removed).isDone();
    assertThat(removed.join().reply()).isEqualTo(Reply.OK);
    assertThat(cluster.voter("c").ledger.state().voters().keySet()).containsExactly("a", "c", "d");
    assertThat(refusal(cluster, "b", false)).contains("does not vote");
    assertThat(refusal(cluster, "nobody", true)).contains("no node 'nobody' is up");
    sameEverywhere(cluster);
  }

  @Test
  void whoDoesNotComeToVoteIsNotCounted() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.follow("d");
    cluster.run(Duration.ofSeconds(1));
    CompletableFuture<Requests.Answered> added = vote(cluster, "d", true);
    cluster.run(Duration.ofSeconds(11));
    assertThat(refusal(added)).contains("'d' has not");
    assertThat(cluster.elected).extracting(Consensus.Voter::node).containsExactly("a", "b", "c");
    Requests elsewhere = cluster.voter("b").desk;
    CompletableFuture<Requests.Answered> there =
        elsewhere.submit(
            new RequestId(0, 0, 0), new Command.SetVoter("d", true), Ack.MAJORITY, SHORT);
    cluster.run(SHORT);
    assertThat(refusal(there)).contains("does not lead");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChangeOfVotersThatGetsStuckIsTriedAgain(boolean made) {
    Voting cluster = new Voting("a", "b", "c");
    cluster.follow("d").ready = true;
    cluster.run(Duration.ofSeconds(1));
    cluster.vain.addAll(List.of(false, made));
    CompletableFuture<Requests.Answered> added = vote(cluster, "d", true);
    cluster.run(Duration.ofSeconds(3));
    assertThat(added).isDone();
    assertThat(added.join().reply()).isEqualTo(Reply.OK);
    assertThat(cluster.voter("b").ledger.state().voters()).containsKey("d");
  }

  @Test
  void aChangeOfVotersThatStaysStuckIsToldWithItsCause() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.run(Duration.ofSeconds(1));
    cluster.vain.addAll(Collections.nCopies(100, false));
    CompletableFuture<Requests.Answered> removed = vote(cluster, "c", false);
    cluster.run(Duration.ofSeconds(9));
    assertThat(removed).isNotDone();
    cluster.run(Duration.ofSeconds(2));
    assertThat(refusal(removed)).contains("was not changed", "no progress");
    assertThat(cluster.elected).hasSize(3);
  }

  /** What one leader begins the next writes down. */
  @Test
  void whomTheConsensusCountsComesIntoTheState() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.elected = cluster.elected.subList(0, 2);
    cluster.elect("b");
    cluster.run(Duration.ofSeconds(1));
    assertThat(cluster.voter("b").ledger.state().voters().keySet()).containsExactly("a", "b");
  }

  static CompletableFuture<Requests.Answered> vote(Voting cluster, String node, boolean votes) {
    return cluster
        .voter("a")
        .desk
        .submit(
            new RequestId(0, 0, 0),
            new Command.SetVoter(node, votes),
            Ack.MAJORITY,
            Duration.ofSeconds(10));
  }

  private static String refusal(Voting cluster, String node, boolean votes) {
    CompletableFuture<Requests.Answered> asked = vote(cluster, node, votes);
    cluster.run(SHORT);
    return refusal(asked);
  }

  private static String refusal(CompletableFuture<Requests.Answered> asked) {
    assertThat(asked).isDone();
    return ((Reply.No) asked.join().reply()).rejection().message();
  }

  // --- words ----------------------------------------------------------------------------------

  static void whenLost(Voting cluster, Deed deed) {
    change(cluster, "a", condition(".global/lost"));
    change(cluster, "a", action(".global/lost/act", deed));
  }

  private static void change(Voting cluster, String at, Command command) {
    CompletableFuture<Requests.Answered> answer =
        submit(cluster, at, command, Duration.ofSeconds(5));
    cluster.run(SHORT);
    assertThat(answer.join().reply()).isNotInstanceOf(Reply.No.class);
  }

  private static CompletableFuture<Requests.Answered> submit(
      Voting cluster, String at, Command command, Duration timeout) {
    return cluster.voter(at).desk.submit(new RequestId(0, 0, 0), command, null, timeout);
  }

  private static Command condition(String path) {
    ObjectPath p = ObjectPath.parse(path);
    return new Command.AddCondition(
        new Target(ObjectPath.of(p.entity()), 0),
        p.condition(),
        ConditionType.NODE_LOST,
        new Filter.Proven(Proof.NONE),
        new Flags.OfCondition(0),
        Flags.Rearm.DEFAULT);
  }

  private static Command action(String path, Deed deed) {
    ObjectPath p = ObjectPath.parse(path);
    return new Command.AddAction(
        new Target(ObjectPath.of(p.entity(), p.condition()), 0),
        p.action(),
        deed,
        new Flags.OfAction(0),
        Flags.Rearm.DEFAULT);
  }

  private static HamState caring(HamState tree) {
    List<Command> commands =
        List.of(
            new Command.CreateEntity(new Name("web"), Flags.OfEntity.NONE),
            condition("web/gone"),
            action("web/gone/say", new Deed.Log("web is lost", false, 0)));
    HamState state = tree;
    for (int i = 0; i < commands.size(); i++) {
      HamEvent event = new HamEvent.Requested(new RequestId(0, i, 0), commands.get(i));
      state =
          HamMachine.apply(state, new Entry(new EntryId(1, 1, i + 1), Moment.ZERO, event)).state();
    }
    return state;
  }

  static Node.Standing standing(Voting cluster, String at, String node) {
    return cluster.voter(at).ledger.state().nodes().get(node).standing();
  }

  /** What voter {@code at} has told of a node itself. */
  static List<String> told(Voting cluster, String at, String node) {
    return cluster.voter(at).ledger.history().read(null, 10_000).happenings().stream()
        .filter(h -> h.node().equals(node) && h.path().isEmpty())
        .map(Happening::event)
        .toList();
  }

  private static void sameEverywhere(Voting cluster) {
    assertThat(cluster.voters.values())
        .extracting(v -> ByteBuffer.wrap(Digest.of(v.ledger.state())))
        .containsOnly(ByteBuffer.wrap(Digest.of(cluster.voter("a").ledger.state())));
  }
}

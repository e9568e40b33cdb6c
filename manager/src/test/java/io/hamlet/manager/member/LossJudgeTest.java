package io.hamlet.manager.member;

import static io.hamlet.core.cluster.Node.Standing.LOST;
import static io.hamlet.core.cluster.Node.Standing.UP;
import static io.hamlet.manager.member.MemberTest.standing;
import static io.hamlet.manager.member.MemberTest.told;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.manager.wire.ClusterCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who is back was silent just now: that counts a lease later, and then it does. */
class LossJudgeTest {
  private static final LeaseTimes TIMES = Voting.TIMES;
  private static final LeaseTimes LONG = new LeaseTimes(4 * TIMES.leaseNanos());
  private static final LeaseTimes BRIEF = new LeaseTimes(TIMES.leaseNanos() / 2);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration MOST_OF_IT = Duration.ofMillis(1_400);
  private static final Duration THE_REST = Duration.ofMillis(400);

  /** Once told to be back it is silent again, which both others would agree on at once. */
  private static Voting backButSilent() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.cutOff("c");
    cluster.run(SHORT);
    assertThat(standing(cluster, "a", "c")).isEqualTo(LOST);
    cluster.heal();
    for (int i = 0; i < 100 && standing(cluster, "a", "c") == LOST; i++) {
      cluster.run(Duration.ofMillis(5));
    }
    assertThat(standing(cluster, "a", "c")).isEqualTo(UP);
    cluster.deaf.add("a<c");
    cluster.deaf.add("b<c");
    return cluster;
  }

  /** The same with a fourth node, which has a lease of its own. */
  private static Voting backButSilent(LeaseTimes lease) {
    Voting cluster = new Voting("a", "b", "c");
    cluster.follow("d").lease = lease;
    cluster.run(SHORT);
    cluster.cutOff("d");
    cluster.run(SHORT);
    assertThat(standing(cluster, "a", "d")).isEqualTo(LOST);
    cluster.heal();
    for (int i = 0; i < 100 && standing(cluster, "a", "d") == LOST; i++) {
      cluster.run(Duration.ofMillis(5));
    }
    assertThat(standing(cluster, "a", "d")).isEqualTo(UP);
    cluster.deaf.addAll(List.of("a<d", "b<d", "c<d"));
    return cluster;
  }

  @Test
  void whoIsBackIsNotToldLostAtOnce() {
    Voting cluster = backButSilent();
    cluster.run(MOST_OF_IT);
    assertThat(standing(cluster, "a", "c")).isEqualTo(UP);
    cluster.deaf.clear();
    cluster.run(Duration.ofSeconds(3));
    assertThat(standing(cluster, "b", "c")).isEqualTo(UP);
    assertThat(told(cluster, "b", "c")).containsExactly("node-joined", "node-lost", "node-joined");
  }

  @Test
  void whoStaysSilentBeyondItsWelcomeIsLost() {
    Voting cluster = backButSilent();
    cluster.run(MOST_OF_IT);
    assertThat(told(cluster, "b", "c")).containsExactly("node-joined", "node-lost", "node-joined");
    cluster.run(THE_REST);
    assertThat(standing(cluster, "b", "c")).isEqualTo(LOST);
    assertThat(told(cluster, "b", "c"))
        .containsExactly("node-joined", "node-lost", "node-joined", "node-lost");
  }

  /** Each voter counts it, whoever leads. */
  @Test
  void theNextLeaderKnowsWhoIsBack() {
    Voting cluster = backButSilent();
    cluster.elect("b");
    cluster.run(MOST_OF_IT);
    assertThat(told(cluster, "b", "c")).containsExactly("node-joined", "node-lost", "node-joined");
    cluster.run(THE_REST);
    assertThat(standing(cluster, "a", "c")).isEqualTo(LOST);
  }

  @Test
  void aWelcomeThatIsOverDelaysNoOtherLoss() {
    Voting cluster = backButSilent();
    cluster.deaf.clear();
    cluster.run(Duration.ofSeconds(2));
    cluster.cutOff("c");
    cluster.run(SHORT);
    assertThat(standing(cluster, "a", "c")).isEqualTo(LOST);
  }

  /** Of a lease of 6 s the next sign may be a second away. */
  @Test
  void aWelcomeIsAsLongAsTheLeaseOfWhoIsBack() {
    assertWelcome(LONG, Duration.ofMillis(5_900));
  }

  @Test
  void aShorterLeaseIsAShorterWelcome() {
    assertWelcome(BRIEF, Duration.ofMillis(900));
  }

  /** It is for so long, and then it is over. */
  private static void assertWelcome(LeaseTimes lease, Duration span) {
    Voting cluster = backButSilent(lease);
    cluster.run(span);
    assertThat(standing(cluster, "a", "d")).isEqualTo(UP);
    cluster.run(THE_REST);
    assertThat(standing(cluster, "a", "d")).isEqualTo(LOST);
  }

  @Test
  void eachIsListenedForByTheLeaseThatItToldLast() {
    Voting cluster = new Voting("a", "b", "c");
    cluster.follow("d").lease = LONG;
    cluster.run(SHORT);
    assertThat(watched(cluster))
        .containsOnly(Map.of("a", TIMES, "b", TIMES, "c", TIMES, "d", LONG));
    // What it runs may still need the longer one, but it renews as often as it says now.
    FencerTest.owned(cluster, "d", OwnerPolicy.QuorumLoss.STOP);
    ClusterEvent again =
        new ClusterEvent.Joined(
            "d", "later", "state-d", 99, "d:2", 1, 0, Terms.ofLease(BRIEF.leaseNanos()));
    cluster.voter("a").propose(ClusterCodec.encode(new ClusterCodec.Command(null, again)), SHORT);
    cluster.run(SHORT);
    assertThat(watched(cluster))
        .containsOnly(Map.of("a", TIMES, "b", TIMES, "c", TIMES, "d", BRIEF));
    long longest = cluster.voter("a").ledger.state().nodes().get("d").longest().lease();
    assertThat(longest).isEqualTo(LONG.leaseNanos());
  }

  /** As each voter has it. */
  private static List<Map<String, LeaseTimes>> watched(Voting cluster) {
    return Stream.of("a", "b", "c")
        .<Map<String, LeaseTimes>>map(v -> cluster.voter(v).watched)
        .toList();
  }

  /** A manager that begins is alone in its view at first, and knows from its ledger who is up. */
  @Test
  void whoWasNotMetYetIsNotSaidToBeGone() {
    Voting cluster = new Voting("a", "b", "c");
    Voting.Station a = cluster.voter("a");
    a.loop.viewChanged(List.of());
    cluster.run(SHORT);
    assertThat(cluster.hints).isEmpty();
    a.loop.viewChanged(a.view());
    a.loop.viewChanged(List.of());
    cluster.run(SHORT);
    assertThat(cluster.hints).contains("a<b", "a<c");
  }

  /** What was found long ago, and could not be committed then, is no reason for a loss now. */
  @Test
  void whatTheOthersFoundIsAskedForAgainWhenItIsOld() {
    Voting cluster = new Voting("a", "b", "c", "d", "e");
    // That of the others one does not answer keeps it open for a moment.
    cluster.cutOff("c", "e");
    cluster.run(Duration.ofMillis(50));
    cluster.split(List.of("a"), List.of("b", "c", "d", "e"));
    cluster.cut.clear();
    cluster.run(Duration.ofSeconds(5));
    cluster.heal();
    cluster.deaf.addAll(List.of("a<c", "a<e"));
    cluster.run(Duration.ofSeconds(5));
    assertThat(standing(cluster, "b", "c")).isEqualTo(UP);
    assertThat(told(cluster, "b", "c")).containsExactly("node-joined");
    cluster.deaf.addAll(List.of("b<c", "d<c"));
    cluster.run(Duration.ofSeconds(1));
    assertThat(standing(cluster, "b", "c")).isEqualTo(LOST);
  }
}

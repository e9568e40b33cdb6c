package io.hamlet.manager.member;

import static io.hamlet.manager.member.FencerTest.holder;
import static io.hamlet.manager.member.FencerTest.node;
import static io.hamlet.manager.member.FencerTest.owned;
import static io.hamlet.manager.member.FencerTest.tenure;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.FenceRule;
import io.hamlet.core.cluster.Hold;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.OwnerPolicy.QuorumLoss;
import io.hamlet.core.model.Proof;
import io.hamlet.manager.port.Fencing;
import io.hamlet.manager.wire.ClusterCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is turned off, when, and what follows from it. */
class BailiffTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(300);

  /** A switch for each node, which the test throws. */
  private static final class Switches implements Fencing {
    final List<String> asked = new ArrayList<>();
    final List<CompletableFuture<Void>> thrown = new ArrayList<>();
    private final FenceRule rule;

    Switches(FenceRule rule) {
      this.rule = rule;
    }

    @Override
    public CompletableFuture<Void> off(String node) {
      asked.add(node);
      CompletableFuture<Void> answer = new CompletableFuture<>();
      thrown.add(answer);
      return answer;
    }
  }

  private static Voting cutOff(Switches power, QuorumLoss loss) {
    Voting cluster = owned(new Voting(power.rule, power, "a", "b", "c"), "c", loss);
    cluster.cutOff("c");
    cluster.run(LONG);
    return cluster;
  }

  @Test
  void whereItIsRequiredALeaseIsNoProof() {
    Switches power = new Switches(FenceRule.REQUIRED);
    Voting cluster = cutOff(power, QuorumLoss.STOP);
    assertThat(power.asked).containsExactly("c");
    assertThat(holder(cluster, "a")).isEqualTo("c");
    power.thrown.getFirst().complete(null);
    cluster.run(SHORT);
    assertThat(holder(cluster, "a")).isEqualTo("a");
    assertThat(node(cluster, "a", "c").fence().proof()).isEqualTo(Proof.FENCED);
    cluster.run(LONG);
    assertThat(power.asked).hasSize(1);
  }

  @Test
  void oneThatFailsIsTriedAgainAndNothingMovesMeanwhile() {
    Switches power = new Switches(FenceRule.REQUIRED);
    Voting cluster = cutOff(power, QuorumLoss.STOP);
    power.thrown.getFirst().completeExceptionally(new IllegalStateException("no answer"));
    cluster.run(LONG);
    assertThat(holder(cluster, "a")).isEqualTo("c");
    assertThat(power.asked).containsExactly("c", "c");
    power.thrown.getLast().complete(null);
    cluster.run(SHORT);
    assertThat(holder(cluster, "a")).isEqualTo("a");
  }

  @Test
  void whatIsKeptWithoutQuorumIsUnsure() {
    Switches power = new Switches(FenceRule.WHEN_UNSURE);
    Voting cluster = cutOff(power, QuorumLoss.KEEP);
    assertThat(power.asked).containsExactly("c");
    power.thrown.getFirst().complete(null);
    cluster.run(SHORT);
    assertThat(holder(cluster, "a")).isEqualTo("a");
  }

  @Test
  void theEndOfALeaseIsSureEnoughWhereItSaysSo() {
    Switches power = new Switches(FenceRule.WHEN_UNSURE);
    Voting cluster = cutOff(power, QuorumLoss.STOP);
    assertThat(power.asked).isEmpty();
    assertThat(holder(cluster, "a")).isEqualTo("a");
  }

  @Test
  void anObituaryNeedsNoSwitch() {
    Switches power = new Switches(FenceRule.REQUIRED);
    Voting cluster = owned(new Voting(power.rule, power, "a", "b", "c"), "c", QuorumLoss.STOP);
    cluster.voter("c").dead = true;
    cluster.voter("b").mourner.ended("c", 1, false);
    cluster.run(LONG);
    assertThat(power.asked).isEmpty();
    assertThat(holder(cluster, "a")).isEqualTo("a");
  }

  /** Its node is well, and says itself that it cannot end it. */
  private static Voting stuck(Switches power) {
    Voting cluster = owned(new Voting(power.rule, power, "a", "b", "c"), "c", QuorumLoss.STOP);
    ClusterEvent stuck =
        new ClusterEvent.GaveStuck(
            new Name("db"), tenure(cluster, "a").hold().grant(), "process 7 hangs");
    byte[] command = ClusterCodec.encode(new ClusterCodec.Command(null, stuck));
    cluster.voter("a").propose(command, SHORT);
    cluster.run(LONG);
    assertThat(tenure(cluster, "a").hold()).isInstanceOf(Hold.Stuck.class);
    return cluster;
  }

  @ParameterizedTest
  @EnumSource(names = {"WHEN_UNSURE", "REQUIRED"})
  void whatIsStuckIsFreeWhenItsNodeIsOff(FenceRule rule) {
    Switches power = new Switches(rule);
    Voting cluster = stuck(power);
    assertThat(power.asked).containsExactly("c");
    power.thrown.getFirst().completeExceptionally(new IllegalStateException("no answer"));
    cluster.run(LONG);
    assertThat(power.asked).containsExactly("c", "c");
    assertThat(tenure(cluster, "a").hold()).isInstanceOf(Hold.Stuck.class);

    power.thrown.getLast().complete(null);
    cluster.run(SHORT);
    assertThat(holder(cluster, "a")).isEqualTo("a");
    assertThat(node(cluster, "a", "c").fence().proof()).isEqualTo(Proof.FENCED);
  }

  /** Neither its silence nor the end of its lease says that it has ended. */
  @Test
  void whatIsStuckAndCutOffIsNotFreeBeforeItsNodeIsOff() {
    Switches power = new Switches(FenceRule.WHEN_UNSURE);
    Voting cluster = stuck(power);
    cluster.cutOff("c");
    cluster.run(LONG);
    assertThat(tenure(cluster, "a").hold()).isInstanceOf(Hold.Stuck.class);
    power.thrown.getFirst().complete(null);
    cluster.run(SHORT);
    assertThat(holder(cluster, "a")).isEqualTo("a");
  }

  @Test
  void nobodyIsTurnedOffForWhatIsStuckWhereThatIsNotAskedFor() {
    Switches power = new Switches(FenceRule.NONE);
    stuck(power);
    assertThat(power.asked).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(FenceRule.class)
  void whoRunsNothingForTheClusterIsLeftAlone(FenceRule rule) {
    Switches power = new Switches(rule);
    Voting cluster = owned(new Voting(power.rule, power, "a", "b", "c"), "a", QuorumLoss.KEEP);
    cluster.cutOff("c");
    cluster.run(LONG);
    assertThat(power.asked).isEmpty();
  }

  @Test
  void theNextLeaderDoesItAgain() {
    Switches power = new Switches(FenceRule.REQUIRED);
    Voting cluster = cutOff(power, QuorumLoss.STOP);
    cluster.elect("b");
    cluster.run(SHORT);
    assertThat(power.asked).containsExactly("c", "c");
    power.thrown.getLast().complete(null);
    cluster.run(SHORT);
    assertThat(node(cluster, "b", "c").fence().proof()).isEqualTo(Proof.FENCED);
  }
}

package io.hamlet.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterMachine;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Proof;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AdviceTest {
  private static final long LEASE = 1_500_000_000L;
  private ClusterState state = ClusterState.empty(Limits.DEFAULT);

  @Test
  void threeThatGoByOneLeaseNeedNone() {
    found("a", "b", "c");
    join("a", LEASE);
    join("b", LEASE);
    assertThat(Advice.of(state, "a", LEASE)).isEmpty();
  }

  @Test
  void twoVotersOutliveNoLoss() {
    found("a", "b");
    assertThat(Advice.of(state, "a", LEASE))
        .singleElement()
        .asString()
        .contains("two voters", "--capacity 0");
  }

  @Test
  void whoHasAnotherLeaseIsNamedUnlessItHasLeft() {
    found("a", "b", "c");
    join("a", LEASE);
    join("b", 4 * LEASE);
    assertThat(Advice.of(state, "a", LEASE))
        .singleElement()
        .asString()
        .contains("b 6000 ms", "this node 1500 ms", "missed later");
    assertThat(Advice.of(state, "b", 4 * LEASE)).singleElement().asString().contains("a 1500 ms");
    // It is waited for by that.
    long since = state.nodes().get("b").since();
    commit(new ClusterEvent.Lost("b", 1, since, 1, 1, Proof.NONE, List.of()));
    assertThat(state.nodes().get("b").standing()).isEqualTo(Node.Standing.LOST);
    assertThat(Advice.of(state, "a", LEASE)).isNotEmpty();
    join("b", 4 * LEASE);
    commit(new ClusterEvent.Left("b", state.nodes().get("b").incarnation()));
    assertThat(Advice.of(state, "a", LEASE)).isEmpty();
  }

  private void found(String... voters) {
    commit(
        new ClusterEvent.Founded(
            "id", Stream.of(voters).map(v -> new ClusterEvent.Voter(v, v + ":4228")).toList()));
  }

  private void join(String node, long lease) {
    long start = state.last();
    commit(
        new ClusterEvent.Joined(
            node, "boot", "s", start, node + ":1", state.incarnation(node), 1, lease));
  }

  private void commit(ClusterEvent event) {
    long at = state.last() + 1;
    state = ClusterMachine.apply(state, new ClusterEntry(at, new Moment(at, at), event)).state();
  }
}

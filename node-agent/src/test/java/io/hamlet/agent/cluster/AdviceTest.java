package io.hamlet.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterMachine;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.FenceRule;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AdviceTest {
  private static final long LEASE = 1_500_000_000L;
  private static final Terms OWN = Terms.ofLease(LEASE);
  private ClusterState state = ClusterState.empty(Limits.DEFAULT);

  @Test
  void threeThatGoByOneLeaseNeedNone() {
    found("a", "b", "c");
    join("a", LEASE);
    join("b", LEASE);
    assertThat(Advice.of(state, "a", OWN)).isEmpty();
  }

  @Test
  void twoVotersOutliveNoLoss() {
    found("a", "b");
    assertThat(Advice.of(state, "a", OWN))
        .singleElement()
        .asString()
        .contains("two voters", "--capacity 0");
  }

  @Test
  void whoHasAnotherLeaseIsNamedUnlessItHasLeft() {
    found("a", "b", "c");
    join("a", LEASE);
    join("b", 4 * LEASE);
    assertThat(Advice.of(state, "a", OWN))
        .singleElement()
        .asString()
        .contains("b 6000 ms", "this node 1500 ms", "missed later");
    assertThat(Advice.of(state, "b", Terms.ofLease(4 * LEASE)))
        .singleElement()
        .asString()
        .contains("a 1500 ms");
    // It is waited for by that.
    long since = state.nodes().get("b").since();
    commit(new ClusterEvent.Lost("b", 1, since, 1, 1, Proof.NONE, List.of()));
    assertThat(state.nodes().get("b").standing()).isEqualTo(Node.Standing.LOST);
    assertThat(Advice.of(state, "a", OWN)).isNotEmpty();
    join("b", 4 * LEASE);
    commit(new ClusterEvent.Left("b", state.nodes().get("b").incarnation()));
    assertThat(Advice.of(state, "a", OWN)).isEmpty();
  }

  /** Found in review: a leader that was told none moved by lease what others wanted fenced. */
  @Test
  void aVoterWithAMilderRuleThanAnotherNodeSaysSo() {
    found("a", "b", "c");
    join("a", LEASE);
    join("b", new Terms(LEASE, 0, FenceRule.WHEN_UNSURE));
    join("d", new Terms(LEASE, 0, FenceRule.REQUIRED));
    assertThat(Advice.of(state, "a", OWN))
        .singleElement()
        .asString()
        .contains("fencing differs", "required (d)", "this node was told none");
    Terms strict = new Terms(LEASE, 0, FenceRule.REQUIRED);
    assertThat(Advice.of(state, "c", strict)).isEmpty();
    assertThat(Advice.of(state, "e", OWN)).as("no voter turns anybody off").isEmpty();
  }

  /** Seen by hand: it was down for good, and 'ham move' never ended. */
  @Test
  void whatIsKeptFromBeforeABootIsNamedUntilAPersonVouches() {
    found("a", "b", "c");
    join("a", LEASE);
    OwnerPolicy keep = new OwnerPolicy(List.of(), OwnerPolicy.QuorumLoss.KEEP, false);
    attach("db", keep);
    attach("web", OwnerPolicy.DEFAULT);
    join("a", LEASE);
    assertThat(Advice.of(state, "b", OWN)).as("the same boot").isEmpty();
    join("a", "boot 2", OWN);
    assertThat(Advice.of(state, "b", OWN))
        .singleElement()
        .asString()
        .contains("'a' holds 'db' from before", "'ham fence confirm a'")
        .doesNotContain("web");
    commit(new ClusterEvent.Wished(new RequestId(9, 9, 0), new ClusterEvent.Vouched("a")));
    assertThat(Advice.of(state, "b", OWN)).isEmpty();
    assertThat(state.tenures().get(new Name("db")).hold().incarnation())
        .isEqualTo(state.incarnation("a"));
  }

  private void attach(String entity, OwnerPolicy policy) {
    ProcessSpec spec = ProcessSpec.of(List.of("/bin/" + entity));
    Command attach = new Command.Attach(new Name(entity), null, spec, Flags.OfEntity.NONE, policy);
    commit(
        new ClusterEvent.Tree(new HamEvent.Requested(new RequestId(9, state.last(), 0), attach)));
  }

  private void found(String... voters) {
    commit(
        new ClusterEvent.Founded(
            "id", Stream.of(voters).map(v -> new ClusterEvent.Voter(v, v + ":4228")).toList()));
  }

  private void join(String node, long lease) {
    join(node, Terms.ofLease(lease));
  }

  private void join(String node, Terms terms) {
    join(node, "boot", terms);
  }

  private void join(String node, String boot, Terms terms) {
    long start = state.last();
    commit(
        new ClusterEvent.Joined(
            node, boot, "s", start, node + ":1", state.incarnation(node), 1, terms));
  }

  private void commit(ClusterEvent event) {
    long at = state.last() + 1;
    state = ClusterMachine.apply(state, new ClusterEntry(at, new Moment(at, at), event)).state();
  }
}

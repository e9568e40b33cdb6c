package io.hamlet.manager.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterMachine;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Maintenance;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.v1.TreeObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class TenureWriterTest {
  private static final long SECOND = 1_000_000_000L;

  /** The host has run for an hour, and it is noon on the first day of 1970. */
  private static final Moment NOON = new Moment(3_600 * SECOND, 43_200 * SECOND);

  private ClusterState state = ClusterState.empty(Limits.DEFAULT);

  /** Only the first was shown, without its reason and its end. */
  @Test
  void everyMaintenanceThatCoversItIsShownWithOwnerReasonAndEnd() {
    commit(new ClusterEvent.Founded("id", List.of(new ClusterEvent.Voter("a", "a:4228"))));
    attach("web");
    attach("other");
    maintain("web", "me", "new disk", NOON.bootNanos() + 90 * SECOND);
    maintain("cluster", "you", "", Long.MAX_VALUE);
    maintain("other", "me", "not this one", Long.MAX_VALUE);
    maintain("node:a", "me", "it is not there", Long.MAX_VALUE);

    TreeObject web = web();
    assertThat(web.getFieldsOrThrow("maintenance"))
        .isEqualTo("cluster by you; entity:web by me: new disk, until 1970-01-01T12:01:30Z");
    assertThat(web.getInfo())
        .contains(
            "Maintenance     : cluster by you\n"
                + "Maintenance     : entity:web by me: new disk, until 1970-01-01T12:01:30Z\n");
  }

  @Test
  void withoutAnyThereIsNoLine() {
    commit(new ClusterEvent.Founded("id", List.of(new ClusterEvent.Voter("a", "a:4228"))));
    attach("web");
    assertThat(web().getFieldsOrThrow("maintenance")).isEmpty();
    assertThat(web().getInfo()).doesNotContain("Maintenance");
  }

  private TreeObject web() {
    TreeObject plain =
        TreeObject.newBuilder().setKind(TreeObject.Kind.ENTITY).setPath("web").build();
    return TenureWriter.complete(List.of(plain), state).getFirst();
  }

  private void attach(String name) {
    ProcessSpec spec = ProcessSpec.of(List.of("/bin/" + name));
    Command attach = new Command.Attach(new Name(name), null, spec, Flags.OfEntity.NONE, null);
    RequestId id = new RequestId(7, state.last(), 0);
    commit(new ClusterEvent.Tree(new HamEvent.Requested(id, attach)));
  }

  private void maintain(String scope, String owner, String reason, long until) {
    Maintenance.Key key = Maintenance.Key.parse(scope, owner);
    commit(new ClusterEvent.MaintenanceSet(new Maintenance(key, reason, until)));
  }

  private void commit(ClusterEvent event) {
    state = ClusterMachine.apply(state, new ClusterEntry(state.last() + 1, NOON, event)).state();
  }
}

package io.hamlet.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Happening;
import io.hamlet.core.recovery.Reply;
import io.hamlet.core.recovery.Rule;
import java.time.Duration;
import java.util.List;

/** What people do to a cluster is told to all who watch it. */
class SpecOperatorTest {
  private static final long FOR_EVER = Long.MAX_VALUE;

  private final ClusterBed bed = ClusterBed.ofThree();

  @Rule(
      value = "arch 4/40",
      says = "Standby and drain are told of their node when they begin and end")
  void duty() {
    bed.commit(new ClusterEvent.Standby("b", true));
    bed.commit(new ClusterEvent.Standby("b", true));
    bed.commit(new ClusterEvent.Standby("b", false));
    bed.commit(new ClusterEvent.Drained("b"));
    bed.commit(new ClusterEvent.Drained("b"));
    bed.commit(new ClusterEvent.Standby("b", false));
    bed.commit(new ClusterEvent.Drained("nobody"));
    assertThat(bed.told()).containsExactly("b  standby", "b  active", "b  draining", "b  active");
  }

  @Rule(
      value = "arch 4/41",
      says = "A maintenance is told of what it covers when it begins, changes and ends")
  void maintenance() {
    ProcessSpec spec = ProcessSpec.of(List.of("/bin/web"));
    bed.must(new Command.Attach(new Name("web"), null, spec, Flags.OfEntity.NONE, null));
    bed.effects.clear();
    long soon = bed.state.now().bootNanos() + 2_000_000_000L;
    maintain("web", "me", "disk", soon);
    maintain("web", "me", "disk", soon);
    maintain("web", "me", "two disks", soon);
    maintain("node:a", "you", "", FOR_EVER);
    maintain("cluster", "", "", FOR_EVER);
    bed.passes(Duration.ofSeconds(3));
    clear("node:a", "you");
    clear("node:a", "you");
    clear("cluster", "");
    assertThat(bed.told())
        .containsExactly(
            "web maintenance-begun entity:web by me",
            "web maintenance-changed entity:web by me",
            "a  maintenance-begun node:a by you",
            "maintenance-begun cluster",
            "web maintenance-ended entity:web by me",
            "a  maintenance-ended node:a by you",
            "maintenance-ended cluster");
    assertThat(bed.of(Effect.Announce.class))
        .extracting(Effect.Announce::happening)
        .extracting(Happening::detail)
        .containsExactly(
            "disk, ends in 2 s",
            "two disks, ends in 2 s",
            "",
            "",
            "its time is over",
            "cleared",
            "cleared");
  }

  @Rule(
      value = "arch 4/46",
      says = "A wish is done once; a late copy is answered as the first was, and undoes nothing")
  void once() {
    RequestId id = new RequestId(8, 1, 0);
    assertThat(wish(id, new ClusterEvent.Standby("b", true))).isTrue();
    assertThat(wish(new RequestId(9, 1, 0), new ClusterEvent.Standby("b", false))).isTrue();
    assertThat(wish(id, new ClusterEvent.Standby("b", true))).isFalse();
    assertThat(bed.reply).isEqualTo(Reply.OK);
    assertThat(bed.node("b").duty().standby()).isFalse();
    assertThat(bed.told()).containsExactly("b  standby", "b  active");
  }

  @Rule(value = "arch 4/48", says = "A wish that was refused is not done later, when it could be")
  void refusedOnce() {
    RequestId id = new RequestId(8, 1, 0);
    wish(id, new ClusterEvent.Standby("d", true));
    Reply first = bed.reply;
    assertThat(first).isInstanceOf(Reply.No.class);
    bed.join("d");
    wish(id, new ClusterEvent.Standby("d", true));
    assertThat(bed.reply).isEqualTo(first);
    assertThat(bed.node("d").duty().standby()).isFalse();
    wish(new RequestId(8, 2, 2), new ClusterEvent.Standby("d", true));
    assertThat(bed.node("d").duty().standby()).isTrue();
    wish(id, new ClusterEvent.Standby("d", false));
    assertThat(bed.reply).as("its answer was confirmed").isInstanceOf(Reply.No.class);
    assertThat(bed.node("d").duty().standby()).isTrue();
  }

  // --- words ----------------------------------------------------------------------------------

  private boolean wish(RequestId id, ClusterEvent.Wish wish) {
    return bed.commit(new ClusterEvent.Wished(id, wish));
  }

  private void maintain(String scope, String owner, String reason, long until) {
    Maintenance.Key key = Maintenance.Key.parse(scope, owner);
    bed.commit(new ClusterEvent.MaintenanceSet(new Maintenance(key, reason, until)));
  }

  private void clear(String scope, String owner) {
    bed.commit(new ClusterEvent.MaintenanceCleared(Maintenance.Key.parse(scope, owner)));
  }
}

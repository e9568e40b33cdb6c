package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Happening;
import io.hamlet.manager.port.Courier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Node d was asked for something when e was lost, by a that led; nobody knows what came of it, and
 * b leads. Found by seed 807515: the time of the cluster had stood still between the two, and d,
 * which had rebooted, did it again.
 */
class LeadingTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String UNKNOWN = "outcome unknown: node 'd' began anew";

  private final Voting cluster = new Voting("a", "b", "c", "d", "e");
  private Effect.Ask first;

  @BeforeEach
  void ask() {
    MemberTest.whenLost(cluster, new Deed.Execute(List.of("/bin/failover"), "d"));
    cluster.cutOff("e");
    cluster.run(SHORT);
    first = cluster.voter("a").asks.getFirst();
    assertThat(first.boot()).isEqualTo("boot");
  }

  /** Its managers begin anew. */
  private void join(String boot) {
    cluster.voter("d").boot = boot;
    cluster.voter("d").start++;
    cluster.run(SHORT);
    assertThat(cluster.voter("d").incarnation()).isEqualTo(2);
    cluster.elect("b");
    cluster.run(SHORT);
  }

  private List<String> failures() {
    return cluster.voter("c").ledger.history().read(null, 10_000).happenings().stream()
        .filter(h -> h.event().equals("action-failed"))
        .map(Happening::toString)
        .toList();
  }

  @Test
  void whoHasRebootedIsNotAskedAgain() {
    join("later");
    assertThat(cluster.voter("b").asks).isEmpty();
    assertThat(failures()).singleElement().asString().contains(UNKNOWN);
  }

  @Test
  void whoseManagersBeganAnewInTheSameBootIsAskedAgain() {
    join("boot");
    assertThat(cluster.voter("b").asks).extracting(Effect.Ask::id).containsExactly(first.id());
    assertThat(failures()).isEmpty();
  }

  /** It leads before it has joined in its new boot. */
  @Test
  void aLeaderAsksItselfOnlyInTheBootThatTheClusterKnows() {
    List<HamEvent> asked = new ArrayList<>();
    List<HamEvent> answered = new ArrayList<>();
    Courier far =
        new Courier() {
          @Override
          public void ask(Effect.Ask effect) {
            throw new AssertionError("d is here");
          }

          @Override
          public void report(Effect.Report effect) {}
        };
    new AtHome("d", "later", far, asked::add, answered::add).ask(first);
    assertThat(asked).isEmpty();
    assertThat(answered).containsExactly(new HamEvent.Failed(first.id(), UNKNOWN));

    new AtHome("d", "boot", far, asked::add, answered::add).ask(first);
    long born = first.expires() - Errand.SPAN.toNanos();
    ErrandId id = new ErrandId(HamState.CLUSTER, first.id());
    assertThat(asked)
        .containsExactly(new HamEvent.Asked(id, first.errand(), born, first.expires()));
  }
}

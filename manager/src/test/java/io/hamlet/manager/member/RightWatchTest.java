package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.Granting;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.Tenant;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The right to run ends when the lease does, and is told once each time. */
class RightWatchTest {
  private static final long NOW = 1_000_000_000L;
  private static final long END = NOW + 1_500_000_000L;
  private static final long OWN = 5;
  private static final Duration GRACE = Duration.ofMillis(250);
  private static final Name DB = new Name("db");

  private final Household home = new Household();
  private final OwnTree tree = new OwnTree(home, home, () -> {});
  private RightWatch watch = watch(Long.MIN_VALUE);

  private RightWatch watch(long assumedUntil) {
    return new RightWatch(tree, home, GRACE, assumedUntil);
  }

  private long look(long now) {
    return look(now, OWN);
  }

  /** One round, and all that comes of it. */
  private long look(long now, long incarnation) {
    long next = watch.due(now, incarnation);
    tree.due(now);
    home.arrive();
    return next;
  }

  private void gain() {
    home.end = END;
    look(NOW);
    assertThat(home.tree.state.right()).isEqualTo(OWN);
    home.told.clear();
  }

  @Test
  void aLeaseGivesTheRightOnceAndItIsLookedAtWhenItEnds() {
    home.end = END;
    assertThat(watch.due(NOW, OWN)).isEqualTo(END);
    watch.due(NOW, OWN);
    assertThat(home.told).as("also before it has arrived").hasSize(1);
    look(NOW);
    assertThat(look(NOW)).isEqualTo(END);
    assertThat(home.told).containsExactly(new HamEvent.RightGained(OWN));
    assertThat(home.tree.state.right()).isEqualTo(OWN);
  }

  @Test
  void itEndsAtTheVeryMomentAndIsTakenOnce() {
    gain();
    look(END - 1);
    assertThat(home.told).isEmpty();
    assertThat(watch.due(END, OWN)).isEqualTo(Long.MAX_VALUE);
    watch.due(END, OWN);
    look(END);
    look(END + 1);
    assertThat(home.told(HamEvent.RightLost.class)).hasSize(1);
    assertThat(home.told(HamEvent.RightLost.class).getFirst().grace()).isEqualTo(GRACE);
    assertThat(home.told(HamEvent.RightGained.class)).isEmpty();
    assertThat(home.tree.state.right()).isZero();
  }

  /** Others wait no longer: who slept through the end of its lease has that much less. */
  @Test
  void theGraceIsCountedFromTheEndOfTheLease() {
    gain();
    look(END + 100_000_000L);
    assertThat(home.told(HamEvent.RightLost.class).getFirst().grace())
        .isEqualTo(Duration.ofMillis(150));
    gain();
    look(END + 10 * GRACE.toNanos());
    assertThat(home.told(HamEvent.RightLost.class).getFirst().grace()).isZero();
  }

  /** When the right of the manager before ended is known to the leash alone. */
  @Test
  void whatWasOnlyAssumedHasNone() {
    gain();
    watch = watch(END);
    home.end = Long.MIN_VALUE;
    look(END);
    assertThat(home.told(HamEvent.RightLost.class).getFirst().grace()).isZero();
  }

  /** The lease is renewed before the loss has arrived in the tree. */
  @Test
  void whatWasLostIsGainedAgain() {
    gain();
    watch.due(END, OWN);
    home.end = END + 1_000;
    assertThat(look(END + 1)).isEqualTo(END + 1_000);
    assertThat(home.told).hasSize(2);
    assertThat(home.tree.state.right()).isEqualTo(OWN);
  }

  @Test
  void withoutAnIncarnationThereIsNone() {
    home.end = Long.MAX_VALUE;
    assertThat(look(NOW, 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(home.told).isEmpty();
  }

  /** Nothing would end what is started now; it may be so a moment later. */
  @Test
  void whileAStartWouldBeRefusedItIsNotGiven() {
    home.end = END;
    home.refusal = "the leash is not armed yet";
    assertThat(look(NOW)).isEqualTo(END);
    assertThat(home.told).isEmpty();
    home.refusal = null;
    look(NOW + 1);
    assertThat(home.told).containsExactly(new HamEvent.RightGained(OWN));
  }

  @Test
  void aRefusalTakesNothingFromWhoHasIt() {
    gain();
    home.refusal = "the leash died";
    assertThat(look(NOW + 1)).isEqualTo(END);
    assertThat(home.told).isEmpty();
  }

  /** Another manager of the same start goes on, and hears its first answer a little later. */
  @Test
  void aSuccessorGoesOnWithTheRightOfTheOneBefore() {
    gain();
    watch = watch(END);
    home.end = Long.MIN_VALUE;
    assertThat(look(NOW)).isEqualTo(END);
    assertThat(home.told).isEmpty();
    look(END);
    assertThat(home.told(HamEvent.RightLost.class)).hasSize(1);
  }

  @Test
  void whatIsAssumedGivesNothingToWhoHasNothing() {
    watch = watch(END);
    look(NOW);
    assertThat(home.told).isEmpty();
  }

  /** Nor does it cover what an earlier start of the node was granted. */
  @Test
  void theRightOfAnotherStartIsLostAtOnce() {
    gain();
    watch = watch(END);
    home.end = Long.MIN_VALUE;
    look(NOW, OWN + 1);
    assertThat(home.told(HamEvent.RightLost.class)).hasSize(1);
    home.end = END;
    look(NOW, OWN + 1);
    assertThat(home.tree.state.right()).isEqualTo(OWN + 1);
  }

  @Test
  void whatWasDeniedInTheMeantimeIsToldAgain() {
    gain();
    home.tree.holdStarts = true;
    Grant grant = new Grant(40, OWN, 1, false);
    home.post(new HamEvent.Granted(DB, grant, Granting.definition(DB)));
    home.arrive();
    home.post(new HamEvent.Denied(home.tree.state.open().keySet().iterator().next(), "no leash"));
    home.arrive();
    assertThat(Tenant.of(home.tree.state))
        .extracting(Tenant::phase)
        .containsExactly(Tenant.Phase.WAITING);
    home.told.clear();
    home.refusal = "the leash is not armed yet";
    look(NOW);
    assertThat(home.told).isEmpty();
    home.refusal = null;
    look(NOW);
    assertThat(home.told).containsExactly(new HamEvent.RightGained(OWN));
    assertThat(Tenant.of(home.tree.state))
        .extracting(Tenant::phase)
        .containsExactly(Tenant.Phase.STARTING);
    look(NOW);
    assertThat(home.told).as("it starts").hasSize(1);
  }
}

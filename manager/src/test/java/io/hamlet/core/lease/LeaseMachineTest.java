package io.hamlet.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.lease.LeaseEvent.Acked;
import io.hamlet.core.lease.LeaseEvent.Doubted;
import io.hamlet.core.lease.LeaseEvent.Fenced;
import io.hamlet.core.lease.LeaseEvent.Refused;
import io.hamlet.core.lease.LeaseEvent.SetChanged;
import io.hamlet.core.lease.LeaseEvent.Tick;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule of the node's side of the lease. */
class LeaseMachineTest {
  private static final long MS = 1_000_000;
  private static final LeaseTimes TIMES = LeaseTimes.DEFAULT;
  private static final long LEASE = TIMES.leaseNanos();
  private static final VoterSet THREE = new VoterSet(7, List.of("a", "b", "c"));
  private static final VoterSet FOUR = new VoterSet(9, List.of("a", "b", "c", "d"));

  private LeaseState state = LeaseState.begin("n", TIMES, 0);

  private Renewal apply(LeaseEvent event) {
    LeaseMachine.Step step = LeaseMachine.apply(state, event);
    state = step.state();
    return step.renewal();
  }

  private Renewal begin(VoterSet set) {
    return apply(new SetChanged(0, set));
  }

  private void ack(String voter, Renewal renewal) {
    apply(new Acked(voter, renewal.number(), renewal.set().index()));
  }

  @Test
  void l1RenewsAtOnceAndThenEachSixth() {
    assertThat(begin(THREE).sent()).isZero();
    assertThat(state.due()).isEqualTo(250 * MS);
    assertThat(apply(new Tick(250 * MS - 1))).isNull();
    Renewal second = apply(new Tick(250 * MS));
    assertThat(second.sent()).isEqualTo(250 * MS);
    assertThat(apply(new Tick(251 * MS))).isNull();
    assertThat(apply(new Tick(510 * MS)).number()).isGreaterThan(second.number());
  }

  @Test
  void l1AChangedSetIsRenewedWithAtOnceAndTheSameIsNoChange() {
    begin(THREE);
    assertThat(apply(new SetChanged(5 * MS, THREE))).isNull();
    assertThat(apply(new SetChanged(6 * MS, FOUR)).set()).isEqualTo(FOUR);
  }

  @Test
  void l1AFencedNodeGoesOnToBeHeard() {
    begin(THREE);
    apply(new Fenced(MS));
    assertThat(apply(new Tick(250 * MS))).isNotNull();
  }

  @Test
  void l1WithoutVotersNothingIsSaid() {
    assertThat(apply(new Tick(0))).isNull();
    assertThat(apply(new Tick(250 * MS))).isNull();
    assertThat(state.holds(0)).isFalse();
  }

  @Test
  void l1NumbersRiseThoughTheClockStands() {
    long first = begin(THREE).number();
    assertThat(apply(new Doubted(0)).number()).isGreaterThan(first);
  }

  @Test
  void l2AMajorityMakesItCount() {
    Renewal renewal = begin(FOUR);
    ack("a", renewal);
    ack("b", renewal);
    assertThat(state.holds(1)).isFalse();
    ack("d", renewal);
    assertThat(state.holds(1)).isTrue();
  }

  @Test
  void l2TwoRenewalsAreNotCountedTogether() {
    ack("a", begin(THREE));
    ack("b", apply(new Tick(250 * MS)));
    assertThat(state.holds(250 * MS)).isFalse();
  }

  @Test
  void l2TwoSetsAreNotCountedTogether() {
    Renewal old = begin(THREE);
    ack("a", old);
    Renewal renewal = apply(new SetChanged(MS, FOUR));
    ack("b", renewal);
    ack("c", renewal);
    assertThat(state.holds(MS)).isFalse();
  }

  @Test
  void l3ItLastsFromWhenItWasSentNotFromWhenItWasAcknowledged() {
    Renewal first = begin(THREE);
    Renewal second = apply(new Tick(250 * MS));
    ack("a", second);
    ack("b", second);
    assertThat(state.end()).isEqualTo(250 * MS + LEASE);
    ack("a", first);
    ack("b", first);
    assertThat(state.end()).isEqualTo(250 * MS + LEASE);
    assertThat(state.holds(250 * MS + LEASE - 1)).isTrue();
    assertThat(state.holds(250 * MS + LEASE)).isFalse();
  }

  @Test
  void l4StrangersRepetitionsAndOtherSetsAreNothing() {
    Renewal renewal = begin(THREE);
    ack("a", renewal);
    ack("a", renewal);
    ack("x", renewal);
    apply(new Acked("b", renewal.number() + 1, 7));
    apply(new Acked("b", renewal.number(), 8));
    assertThat(state.holds(1)).isFalse();
  }

  @Test
  void l4ARenewalOfALongTimeAgoIsForgotten() {
    Renewal renewal = begin(THREE);
    for (long t = 250; t <= 1_500; t += 250) {
      apply(new Tick(t * MS));
    }
    assertThat(state.open()).hasSize(6);
    ack("a", renewal);
    ack("b", renewal);
    assertThat(state.end()).isEqualTo(LeaseState.NEVER);
  }

  @Test
  void l5InDoubtNothingIsStartedAndASixthIsLeft() {
    Renewal before = begin(THREE);
    ack("a", before);
    ack("b", before);
    Renewal asked = apply(new Doubted(100 * MS));
    assertThat(asked.sent()).isEqualTo(100 * MS);
    assertThat(state.mayStart(100 * MS)).isFalse();
    assertThat(state.holds(349 * MS)).isTrue();
    assertThat(state.holds(350 * MS)).isFalse();
    ack("c", before);
    assertThat(state.holds(350 * MS)).isFalse();
    ack("a", asked);
    ack("c", asked);
    assertThat(state.mayStart(350 * MS)).isTrue();
    assertThat(state.end()).isEqualTo(100 * MS + LEASE);
  }

  @Test
  void l5OnlyARenewalSentAfterTheDoubtEndsIt() {
    Renewal before = begin(THREE);
    apply(new Doubted(10 * MS));
    ack("a", before);
    ack("b", before);
    assertThat(state.holds(11 * MS)).isFalse();
  }

  @Test
  void l5DoubtAfterDoubtGivesNoMoreTime() {
    Renewal before = begin(THREE);
    ack("a", before);
    ack("b", before);
    apply(new Doubted(100 * MS));
    Renewal between = apply(new Doubted(200 * MS));
    assertThat(state.end()).isEqualTo(350 * MS);
    apply(new Doubted(300 * MS));
    ack("a", between);
    ack("b", between);
    assertThat(state.end()).isEqualTo(350 * MS);
    assertThat(state.mayStart(310 * MS)).isFalse();
  }

  @Test
  void l6ALateTickIsADoubt() {
    Renewal renewal = begin(THREE);
    ack("a", renewal);
    ack("b", renewal);
    apply(new Tick(250 * MS + TIMES.late()));
    assertThat(state.mayStart(301 * MS)).isTrue();
    assertThat(apply(new Tick(state.due() + TIMES.late() + 1))).isNotNull();
    assertThat(state.mayStart(700 * MS)).isFalse();
    assertThat(state.holds(700 * MS)).isTrue();
  }

  @Test
  void l7OneRefusalOfThreeChangesNothingTwoDo() {
    Renewal renewal = begin(THREE);
    assertThat(apply(new Refused(MS, "a", renewal.number(), FOUR))).isNull();
    assertThat(apply(new Refused(MS, "a", renewal.number(), FOUR))).isNull();
    Renewal next = apply(new Refused(MS, "b", renewal.number(), FOUR));
    assertThat(next.set()).isEqualTo(FOUR);
    assertThat(state.set()).isEqualTo(FOUR);
  }

  @Test
  void l7TheNewestNamedSetIsTakenThoughItIsOlderThanOurs() {
    VoterSet cut = new VoterSet(5, List.of("a", "b"));
    Renewal renewal = begin(FOUR);
    apply(new Refused(MS, "a", renewal.number(), cut));
    assertThat(apply(new Refused(MS, "b", renewal.number(), THREE)).set()).isEqualTo(THREE);
  }

  @Test
  void l7RefusalsOfStrangersOfOldRenewalsAndToBeAloneAreNothing() {
    Renewal old = begin(THREE);
    Renewal renewal = apply(new Tick(250 * MS));
    VoterSet alone = new VoterSet(11, List.of("n"));
    for (String voter : List.of("a", "b", "c")) {
      assertThat(apply(new Refused(MS, voter, old.number(), FOUR))).isNull();
      assertThat(apply(new Refused(MS, voter, renewal.number(), alone))).isNull();
      assertThat(apply(new Refused(MS, voter, renewal.number(), VoterSet.NONE))).isNull();
      assertThat(apply(new Refused(MS, voter, renewal.number(), THREE))).isNull();
    }
    apply(new Refused(MS, "x", renewal.number(), FOUR));
    apply(new Refused(MS, "y", renewal.number(), FOUR));
    assertThat(state.set()).isEqualTo(THREE);
  }

  @Test
  void l7RefusalsAreCountedForOneRenewal() {
    Renewal first = begin(THREE);
    apply(new Refused(MS, "a", first.number(), FOUR));
    Renewal second = apply(new Tick(250 * MS));
    apply(new Refused(251 * MS, "b", second.number(), FOUR));
    assertThat(state.set()).isEqualTo(THREE);
  }

  @Test
  void l8FencedIsTheEndAndStaysIt() {
    Renewal renewal = begin(THREE);
    ack("a", renewal);
    ack("b", renewal);
    apply(new Fenced(MS));
    assertThat(state.holds(2 * MS)).isFalse();
    ack("c", renewal);
    Renewal next = apply(new Tick(250 * MS));
    ack("a", next);
    ack("b", next);
    assertThat(state.holds(251 * MS)).isFalse();
    apply(new SetChanged(MS, new VoterSet(12, List.of("n"))));
    assertThat(state.holds(251 * MS)).isFalse();
  }

  @Test
  void l9WhoIsAloneHasNoEndAndThenOneLease() {
    begin(new VoterSet(1, List.of("n")));
    assertThat(state.end()).isEqualTo(Long.MAX_VALUE);
    apply(new Doubted(MS));
    assertThat(state.mayStart(MS)).isTrue();

    LeaseState alone = state;
    apply(new SetChanged(2 * MS, new VoterSet(2, List.of("m", "n"))));
    assertThat(state.end()).isEqualTo(2 * MS + TIMES.doubt());

    state = LeaseState.begin("n", TIMES, 0);
    begin(new VoterSet(1, List.of("n")));
    apply(new SetChanged(2 * MS, new VoterSet(2, List.of("m", "n"))));
    assertThat(state.end()).isEqualTo(2 * MS + LEASE);
    assertThat(alone.end()).isEqualTo(Long.MAX_VALUE);
  }
}

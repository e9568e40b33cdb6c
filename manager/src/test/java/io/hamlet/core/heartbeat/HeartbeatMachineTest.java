package io.hamlet.core.heartbeat;

import static io.hamlet.core.heartbeat.HeartbeatMachine.Mark.HIGH;
import static io.hamlet.core.heartbeat.HeartbeatMachine.Mark.LOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.heartbeat.HeartbeatMachine.Mark;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Heartbeat.Health;
import io.hamlet.core.model.Moment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A method per cell of the table in ham.md 5.2, and the rules around it. */
class HeartbeatMachineTest {
  private static final long S = 1_000_000_000;

  private BeatState state = life(2, 4);
  private long beats;
  private List<Mark> reached = new ArrayList<>();

  @Test
  void okWithBeat() {
    tick();
    beatAndTick();
    assertThat(state.health()).isEqualTo(Health.OK);
    assertThat(state.misses()).isZero();
    assertThat(state.lastBeat()).isEqualTo(new Moment(2 * S, 1_002 * S));
    assertThat(reached).isEmpty();
  }

  @Test
  void okWithoutBeatBelowTheMarks() {
    tick();
    assertThat(state.health()).isEqualTo(Health.OK);
    assertThat(state.misses()).isEqualTo(1);
    assertThat(state.lastBeat()).isNull();
    assertThat(reached).isEmpty();
  }

  @Test
  void okWithoutBeatAtTheLowMark() {
    ticks(2);
    assertThat(state.health()).isEqualTo(Health.MISSED_LOW);
    assertThat(reached).containsExactly(LOW);
  }

  @Test
  void okWithoutBeatAtTheHighMarkAlone() {
    state = life(0, 3);
    ticks(2);
    assertThat(reached).isEmpty();
    tick();
    assertThat(state.health()).isEqualTo(Health.MISSED_HIGH);
    assertThat(reached).containsExactly(HIGH);
  }

  @Test
  void okWithoutBeatAtEqualMarksFiresBothLowFirst() {
    state = life(3, 3);
    ticks(3);
    assertThat(state.health()).isEqualTo(Health.MISSED_HIGH);
    assertThat(reached).containsExactly(LOW, HIGH);
  }

  @Test
  void missedLowWithBeatStaysAndDoesNotFireLowAgain() {
    ticks(2);
    beatAndTick();
    assertThat(state.health()).isEqualTo(Health.MISSED_LOW);
    assertThat(state.misses()).isZero();
    assertThat(state.lastBeat().bootNanos()).isEqualTo(3 * S);
    ticks(2);
    assertThat(reached).containsExactly(LOW);
  }

  @Test
  void missedLowWithoutBeatBelowTheHighMark() {
    ticks(3);
    assertThat(state.health()).isEqualTo(Health.MISSED_LOW);
    assertThat(state.misses()).isEqualTo(3);
    assertThat(reached).containsExactly(LOW);
  }

  @Test
  void missedLowWithoutBeatAtTheHighMark() {
    ticks(4);
    assertThat(state.health()).isEqualTo(Health.MISSED_HIGH);
    assertThat(reached).containsExactly(LOW, HIGH);
  }

  @Test
  void missedLowWithoutHighMarkNeverFiresHigh() {
    state = life(1, 0);
    ticks(50);
    assertThat(state.health()).isEqualTo(Health.MISSED_LOW);
    assertThat(reached).containsExactly(LOW);
  }

  @Test
  void missedHighWithBeatNotesTheBeatAndFiresNothing() {
    ticks(4);
    beatAndTick();
    assertThat(state.health()).isEqualTo(Health.MISSED_HIGH);
    assertThat(state.lastBeat().bootNanos()).isEqualTo(5 * S);
    assertThat(reached).containsExactly(LOW, HIGH);
  }

  @Test
  void missedHighWithoutBeatCountsNoMore() {
    ticks(20);
    assertThat(state.misses()).isEqualTo(4);
    assertThat(reached).containsExactly(LOW, HIGH);
  }

  @Test
  void highAfterABeatInMissedLowNeedsAFullRun() {
    ticks(3);
    beatAndTick();
    ticks(3);
    assertThat(reached).containsExactly(LOW);
    tick();
    assertThat(reached).containsExactly(LOW, HIGH);
  }

  @Test
  void healedStartsAgainAndBothMarksCanFireAgain() {
    ticks(4);
    apply(new BeatEvent.Healed());
    assertThat(state.health()).isEqualTo(Health.OK);
    assertThat(state.misses()).isZero();
    ticks(4);
    assertThat(reached).containsExactly(LOW, HIGH, LOW, HIGH);
  }

  @Test
  void healedKeepsTheBoundaries() {
    tick();
    long due = state.due();
    apply(new BeatEvent.Healed());
    assertThat(state.due()).isEqualTo(due);
  }

  @Test
  void beatsCountAtTheNextBoundaryAndAsOne() {
    beats += 2;
    tickAt(S / 2);
    assertThat(state.lastBeat()).as("not before the boundary").isNull();
    tick();
    assertThat(state.lastBeat().bootNanos()).isEqualTo(S);
    tick();
    assertThat(state.misses()).as("two beats in one period are one").isEqualTo(1);
  }

  @Test
  void noMarksNeverFireButBeatsAreNoted() {
    state = life(0, 0);
    ticks(10);
    beatAndTick();
    assertThat(reached).isEmpty();
    assertThat(state.lastBeat()).isNotNull();
  }

  @Test
  void anUnreadableCounterIsNoBeat() {
    apply(new BeatEvent.Tick(at(S), -1));
    assertThat(state.misses()).isEqualTo(1);
    tick();
    assertThat(state.misses()).as("nor is its coming back").isEqualTo(2);
  }

  @Test
  void suspendedTicksDoNothing() {
    tick();
    apply(new BeatEvent.Suspended());
    assertThat(state.nextTick()).isEqualTo(Long.MAX_VALUE);
    for (int i = 2; i < 20; i++) {
      tickAt(i * S);
    }
    assertThat(state.misses()).isEqualTo(1);
    assertThat(reached).isEmpty();
  }

  @Test
  void resumedCountsAsABeatButKeepsALatchedState() {
    ticks(3);
    apply(new BeatEvent.Suspended());
    beats++;
    apply(new BeatEvent.Resumed(at(100 * S), beats));
    assertThat(state.health()).isEqualTo(Health.MISSED_LOW);
    assertThat(state.misses()).isZero();
    assertThat(state.due()).isEqualTo(101 * S);
    tick();
    assertThat(state.misses()).as("beats while suspended are over").isEqualTo(1);
  }

  @Test
  void resumedWithoutSuspensionChangesNothing() {
    tick();
    BeatState before = state;
    apply(new BeatEvent.Resumed(at(S + S / 2), 7));
    assertThat(state).isEqualTo(before);
  }

  @Test
  void aTickMoreThanAPeriodLateStartsAnew() {
    tick();
    tickAt(4 * S + 1);
    assertThat(state.misses()).isZero();
    assertThat(state.due()).isGreaterThanOrEqualTo(5 * S);
    assertThat(reached).isEmpty();
  }

  @Test
  void aTickMoreThanAPeriodLateStillSeesABeat() {
    beats++;
    tickAt(3 * S);
    assertThat(state.lastBeat().bootNanos()).isEqualTo(3 * S);
    tick();
    assertThat(state.misses()).isEqualTo(1);
  }

  @Test
  void aHangIsFoundOnTimeHoweverLateTheTicksBeforeAre() {
    state = life(0, 5);
    for (int i = 1; i < 5; i++) {
      tickAt(i * S + S / 4);
    }
    assertThat(state.due()).isEqualTo(5 * S);
    tick();
    assertThat(reached).containsExactly(HIGH);
  }

  @Test
  void aBeatSeenLateIsFollowedByAWholeInterval() {
    beats++;
    tickAt(S + S / 4);
    assertThat(state.due()).isEqualTo(2 * S + S / 4);
  }

  @Test
  void aMissSeenVeryLateIsFollowedByAWholeInterval() {
    tickAt(S + S / 2);
    assertThat(state.misses()).isEqualTo(1);
    assertThat(state.due()).isEqualTo(2 * S + S / 2);
  }

  @Test
  void aTickLateByAPeriodCountsAndTheNextIntervalIsWhole() {
    tickAt(2 * S);
    assertThat(state.misses()).isEqualTo(1);
    assertThat(state.due()).isEqualTo(3 * S);
  }

  @Test
  void aTickHardlyLateKeepsTheBoundaries() {
    beats++;
    tickAt(S + S / 20);
    assertThat(state.due()).isEqualTo(2 * S);
  }

  @Test
  void latchedHealthSurvivesATakeover() {
    Heartbeat contract = contract(S, 1, 2).withHealth(Health.MISSED_LOW);
    state = BeatState.begin(contract, at(0), 0);
    ticks(2);
    assertThat(reached).containsExactly(HIGH);
  }

  @Test
  void periodsOfManyLivesShareBoundaries() {
    for (long period : new long[] {1_000_000, 20_000_000, 250_000_000, S, 5 * S}) {
      BeatState s = BeatState.begin(contract(period, 1, 2), at(123_456_789), 0);
      assertThat(s.periodNanos()).isEqualTo(period);
      assertThat(s.gridNanos()).isBetween(period / 100, period / 20);
      assertThat(s.due() % s.gridNanos()).isZero();
      assertThat(s.due() - 123_456_789).isBetween(period, period + period / 20);
    }
  }

  @Test
  void oddPeriodsAreStretchedALittleAndNeverCut() {
    for (long period : new long[] {1_000_001, 33_333_333, 999_999_999, 7 * S + 13}) {
      BeatState s = BeatState.begin(contract(period, 1, 2), at(0), 0);
      assertThat(s.periodNanos()).isBetween(period, period + Math.min(period / 20, 10_000_000));
    }
  }

  private void tick() {
    tickAt(state.due());
  }

  private void ticks(int n) {
    for (int i = 0; i < n; i++) {
      tick();
    }
  }

  private void beatAndTick() {
    beats++;
    tick();
  }

  private void tickAt(long boot) {
    apply(new BeatEvent.Tick(at(boot), beats));
  }

  private void apply(BeatEvent event) {
    HeartbeatMachine.Step step = HeartbeatMachine.apply(state, event);
    state = step.state();
    reached.addAll(step.reached());
  }

  private static BeatState life(int low, int high) {
    return BeatState.begin(contract(S, low, high), at(0), 0);
  }

  private static Heartbeat contract(long period, int low, int high) {
    return new Heartbeat(period, low, high, Health.OK, 0, 1);
  }

  private static Moment at(long boot) {
    return new Moment(boot, boot + 1_000 * S);
  }
}

package io.hamlet.manager.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Heartbeat.Health;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.BeatTable;
import io.hamlet.manager.port.Ticker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BeatWatchTest {
  private static final long S = 1_000_000_000;
  private static final long WALL = 1_700_000_000 * S;

  private final Counters table = new Counters();
  private final Clock clock = new Clock();
  private final BeatWatch watch = new BeatWatch(table, clock);
  private final List<HamEvent> posted = new ArrayList<>();

  @Test
  void idleWatchNeedsNoTick() {
    assertThat(watch.nextTick()).isEqualTo(Long.MAX_VALUE);
    runTo(10 * S);
    assertThat(posted).isEmpty();
  }

  @Test
  void missesArePostedWithTheirNumber() {
    watch.watch(beats(7, 1, S, 2, 3));
    runTo(10 * S);
    assertThat(posted).containsExactly(missed(7, 1, false, 2), missed(7, 1, true, 3));
  }

  @Test
  void aBeatInTimeIsNoMissAndIsShown() {
    watch.watch(beats(7, 1, S, 1, 2));
    assertThat(watch.lastBeat(7)).isEqualTo(OptionalLong.empty());
    for (int i = 1; i <= 5; i++) {
      table.beat(7, 1);
      runTo(i * S);
    }
    assertThat(posted).isEmpty();
    assertThat(watch.lastBeat(7)).hasValue(WALL + 5 * S);
    assertThat(watch.lastBeat(8)).isEmpty();
  }

  @Test
  void healedFiresAgain() {
    watch.watch(beats(7, 1, S, 0, 2));
    runTo(2 * S);
    watch.heal(new Effect.HealBeats(7, 1));
    runTo(4 * S);
    assertThat(posted).containsExactly(missed(7, 1, true, 2), missed(7, 1, true, 2));
  }

  @Test
  void newsForAnEarlierLifeIsIgnored() {
    watch.watch(beats(7, 1, S, 0, 1));
    watch.watch(beats(7, 2, S, 0, 1));
    watch.unwatch(new Effect.UnwatchBeats(7, 1));
    runTo(S);
    watch.heal(new Effect.HealBeats(7, 1));
    runTo(5 * S);
    assertThat(posted).containsExactly(missed(7, 2, true, 1));
  }

  @Test
  void theSameLifeAgainCountsAnewAndKeepsItsLastBeat() {
    watch.watch(beats(7, 1, S, 0, 2));
    table.beat(7, 1);
    runTo(2 * S);
    watch.watch(beats(7, 1, S, 0, 2));
    assertThat(watch.lastBeat(7)).hasValue(WALL + S);
    runTo(3 * S);
    assertThat(posted).isEmpty();
    runTo(4 * S);
    assertThat(posted).containsExactly(missed(7, 1, true, 2));
  }

  @Test
  void unwatchedFiresNoMore() {
    watch.watch(beats(7, 1, S, 0, 2));
    runTo(S);
    watch.unwatch(new Effect.UnwatchBeats(7, 1));
    watch.unwatch(new Effect.UnwatchBeats(7, 1));
    assertThat(watch.nextTick()).isEqualTo(Long.MAX_VALUE);
    runTo(5 * S);
    assertThat(posted).isEmpty();
    assertThat(watch.lastBeat(7)).isEmpty();
  }

  @Test
  void suspensionHoldsForThoseThatComeDuringItToo() {
    watch.watch(beats(1, 1, S, 0, 1));
    watch.suspend(new Effect.SuspendBeats(true));
    watch.watch(beats(2, 1, S, 0, 1));
    assertThat(watch.nextTick()).isEqualTo(Long.MAX_VALUE);
    runTo(10 * S);
    assertThat(posted).isEmpty();
    watch.suspend(new Effect.SuspendBeats(false));
    watch.suspend(new Effect.SuspendBeats(false));
    assertThat(watch.nextTick()).as("a whole period from resuming").isEqualTo(11 * S);
    runTo(11 * S);
    assertThat(posted).containsExactlyInAnyOrder(missed(1, 1, true, 1), missed(2, 1, true, 1));
  }

  @Test
  void ourOwnAbsenceIsNobodysMiss() {
    watch.watch(beats(1, 1, S, 1, 2));
    clock.boot = 60 * S;
    watch.run(clock.now(), posted::add);
    assertThat(posted).isEmpty();
    assertThat(watch.nextTick()).isEqualTo(61 * S);
  }

  @Test
  void aThousandLivesTickTogether() {
    for (int i = 0; i < 1_000; i++) {
      clock.boot = i * 997_331L;
      watch.watch(beats(i, 1, S, 0, 5));
    }
    int wakes = 0;
    for (long end = clock.boot + 2 * S; watch.nextTick() < end; wakes++) {
      clock.boot = watch.nextTick();
      watch.run(clock.now(), posted::add);
    }
    assertThat(wakes).isBetween(20, 42);
  }

  @Test
  void livesThatComeAndGoLeaveNothingBehind() {
    for (int i = 0; i < 100_000; i++) {
      watch.watch(beats(i, 1, 366L * 86_400 * S, 0, 1));
    }
    for (int i = 0; i < 100_000; i++) {
      watch.unwatch(new Effect.UnwatchBeats(i, 1));
    }
    assertThat(watch.nextTick()).isEqualTo(Long.MAX_VALUE);
  }

  private void runTo(long boot) {
    while (watch.nextTick() <= boot) {
      clock.boot = watch.nextTick();
      watch.run(clock.now(), posted::add);
    }
    clock.boot = boot;
    watch.run(clock.now(), posted::add);
  }

  private static Effect.WatchBeats beats(int uid, long life, long period, int low, int high) {
    return new Effect.WatchBeats(
        new Name("e" + uid), uid, life, new Heartbeat(period, low, high, Health.OK, uid, 1));
  }

  private static HamEvent missed(int uid, long life, boolean high, int misses) {
    return new HamEvent.BeatsMissed(new Name("e" + uid), uid, life, high, misses);
  }

  private static final class Clock implements Ticker {
    private long boot;

    @Override
    public Moment now() {
      return new Moment(boot, WALL + boot);
    }

    @Override
    public void await(long untilBootNanos) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void ring() {
      throw new UnsupportedOperationException();
    }
  }

  private static final class Counters implements BeatTable {
    private final Map<Integer, Long> counts = new HashMap<>();

    @Override
    public int take(long uid, ProcessId holder) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean claim(int slot, long generation, ProcessId holder) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long generation(int slot) {
      return 1;
    }

    @Override
    public long counter(int slot, long generation) {
      return counts.getOrDefault(slot, 0L);
    }

    @Override
    public void beat(int slot, long generation) {
      counts.merge(slot, 1L, Long::sum);
    }

    @Override
    public void free(int slot, long generation) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Location locate(int slot) {
      return null;
    }
  }
}

package io.hamlet.agent.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.manager.log.StateLock;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When one of the pair may kill the other. */
class HangWatchTest {
  private static final long TICK = HangWatch.TICK_NANOS;

  @TempDir Path state;
  private long now;

  @Test
  void aSilentPartnerIsKilledOnlyAfterASecondLimitWithTheLockHeld() throws IOException {
    try (HangWatch watch = new HangWatch(state, now, 7)) {
      assertThat(ticksUntilItHangs(watch, 7)).isEqualTo(10);
      assertTaken();
    }
    StateLock.takeKill(state).close();
  }

  @Test
  void aBeatInTheSecondLimitGivesTheLockBack() throws IOException {
    try (HangWatch watch = new HangWatch(state, now, 7)) {
      for (int i = 0; i < 8; i++) {
        assertThat(tick(watch, 7)).isFalse();
      }
      assertTaken();

      assertThat(tick(watch, 8)).isFalse();

      StateLock.takeKill(state).close();
      assertThat(ticksUntilItHangs(watch, 8)).isEqualTo(10);
    }
  }

  @Test
  void whoDoesNotGetTheLockKillsNobodyWhoBeats() throws IOException {
    try (StateLock other = StateLock.takeKill(state);
        HangWatch watch = new HangWatch(state, now, 7)) {
      for (int i = 0; i < 100; i++) {
        // Each time silent almost until the end of all patience.
        assertThat(tick(watch, i / 19)).as("lock %s", other).isFalse();
      }
    }
  }

  @Test
  void whoHangsWithTheLockIsWaitedForSoLongAndNoLonger() throws IOException {
    try (StateLock other = StateLock.takeKill(state);
        HangWatch watch = new HangWatch(state, now, 7)) {
      assertThat(ticksUntilItHangs(watch, 7)).as("lock %s", other).isEqualTo(20);
      long due = now + TICK;
      now += 5_000_000_000L;
      assertThat(watch.hangs(now, due, 7)).as("after a pause of its own").isFalse();
      assertThat(ticksUntilItHangs(watch, 7)).isEqualTo(20);
    }
  }

  @Test
  void afterAPauseOfItsOwnItBeginsToCountAnew() throws IOException {
    try (HangWatch watch = new HangWatch(state, now, 7)) {
      for (int i = 0; i < 9; i++) {
        assertThat(tick(watch, 7)).isFalse();
      }
      long due = now + TICK;
      now += 5_000_000_000L;

      assertThat(watch.hangs(now, due, 7)).isFalse();

      StateLock.takeKill(state).close();
      assertThat(ticksUntilItHangs(watch, 7)).isEqualTo(10);
    }
  }

  private int ticksUntilItHangs(HangWatch watch, long beat) {
    int ticks = 1;
    while (!tick(watch, beat)) {
      ticks++;
      assertThat(ticks).isLessThan(100);
    }
    return ticks;
  }

  private boolean tick(HangWatch watch, long beat) {
    now += TICK;
    return watch.hangs(now, now, beat);
  }

  private void assertTaken() throws IOException {
    try {
      StateLock.takeKill(state).close();
    } catch (StateLock.Taken expected) {
      return;
    }
    throw new AssertionError("nobody holds the kill lock");
  }
}

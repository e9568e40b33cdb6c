package io.hamlet.core.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who is silent, and who was only not listened to. */
class SilenceTest {
  private static final long TICK = 100_000_000L;
  private static final long LIMIT = 500_000_000L;

  @Test
  void aBeatThatMovesIsNoSilence() {
    Silence silence = Silence.begin(0, 1);
    for (int i = 1; i <= 100; i++) {
      silence = silence.tick(i * TICK, i * TICK, 1 + i);
      assertThat(silence.lasts(LIMIT)).isFalse();
    }
  }

  @Test
  void silenceCountsFromTheLastBeatThatWasSeen() {
    Silence silence = Silence.begin(0, 1).tick(TICK, TICK, 2);
    for (int i = 2; i <= 5; i++) {
      silence = silence.tick(i * TICK, i * TICK, 2);
      assertThat(silence.lasts(LIMIT)).isFalse();
    }
    assertThat(silence.tick(6 * TICK, 6 * TICK, 2).lasts(LIMIT)).isTrue();
  }

  @Test
  void anObserverThatCameLateHoldsNothingAgainstTheOther() {
    Silence silence = Silence.begin(0, 1).tick(TICK, TICK, 1);
    long woken = 2 * TICK + 5_000_000_000L;

    silence = silence.tick(woken, 2 * TICK, 1);

    assertThat(silence.lasts(1)).isFalse();
    silence = silence.tick(woken + TICK, woken + TICK, 1);
    assertThat(silence.lasts(LIMIT)).isFalse();
    assertThat(silence.lasts(TICK)).isTrue();
  }

  @Test
  void anyChangeOfTheCounterIsABeat() {
    Silence silence = Silence.begin(0, 5).tick(6 * TICK, 6 * TICK, 0);
    assertThat(silence.lasts(1)).isFalse();
  }
}

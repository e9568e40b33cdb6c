package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long LATER = 1_000 * Pace.NANOS;

  private final Pace pace = new Pace();

  PaceTest() {
    pace.gone(LATER, 10);
  }

  @Test
  void theFirstAfterARestGoesAtOnce() {
    assertThat(pace.rest(LATER + Pace.NANOS, 11, false)).isZero();
    assertThat(pace.isDue()).isTrue();
  }

  @Test
  void aFewGoTogether() {
    assertThat(pace.rest(LATER + 1, 11, false)).isEqualTo(Pace.NANOS - 1);
    assertThat(pace.isDue()).as("the thread comes by itself").isFalse();
    assertThat(pace.rest(LATER + Pace.NANOS, 13, false)).isZero();
    assertThat(pace.isDue()).isTrue();
  }

  @Test
  void whatSomebodyWaitsForIsNotHeldBack() {
    assertThat(pace.rest(LATER + 1, 11, false)).isPositive();
    pace.awaited(11);
    assertThat(pace.isDue()).isTrue();
    assertThat(pace.rest(LATER + 1, 11, false)).isZero();
    pace.gone(LATER + 1, 11);
    assertThat(pace.rest(LATER + 2, 12, false)).as("for that one nobody waits").isPositive();
  }

  @Test
  void neitherAreManyNorThoseBehindAReplica() {
    assertThat(pace.rest(LATER + 1, 10 + Pace.MANY, false)).isZero();
    assertThat(pace.rest(LATER + 1, 11, true)).isZero();
  }

  @Test
  void nothingNewIsNothingToHoldBack() {
    assertThat(pace.rest(LATER + 1, 10, false)).isZero();
    assertThat(pace.isDue()).isTrue();
  }
}

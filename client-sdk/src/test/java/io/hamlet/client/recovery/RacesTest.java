package io.hamlet.client.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Races between calls, close, dup, recovery and interrupts, by trying schedules. */
@Tag("races")
class RacesTest {
  @Test
  void noScheduleBreaksIt() {
    modelChecking().check(Rig.class);
  }

  @Test
  void noLuckBreaksIt() {
    new StressOptions()
        .iterations(3)
        .invocationsPerIteration(500)
        .threads(3)
        .actorsPerThread(3)
        .check(Rig.class);
  }

  /**
   * The same search, in the same classes less one comparison, which matters to two threads only.
   */
  @Test
  void aPlantedRaceIsFound() throws Exception {
    Class<?> rig = Planted.rig();
    assertThat(rig).isNotSameAs(Rig.class);
    assertThatThrownBy(() -> modelChecking().check(rig))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("needless");
  }

  private static ModelCheckingOptions modelChecking() {
    return new ModelCheckingOptions()
        .iterations(6)
        .invocationsPerIteration(300)
        .threads(2)
        .actorsPerThread(3);
  }
}

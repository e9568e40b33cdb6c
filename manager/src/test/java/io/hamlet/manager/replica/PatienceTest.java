package io.hamlet.manager.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Found in review: what was no silence of the voters counted against them. */
class PatienceTest {
  private static final long SECOND = 1_000_000_000L;

  private final Patience patience = new Patience(0, Duration.ofSeconds(2));

  @Test
  void whoIsNotThereIsWaitedForOnce() {
    assertThat(looks(SECOND, true, false)).isTrue();
    assertThat(looks(2 * SECOND, true, false)).isFalse();
  }

  @Test
  void aBusThatIsNotOpenDoesNotCount() {
    assertThat(looks(3 * SECOND, false, false)).isTrue();
    assertThat(looks(4 * SECOND, true, false)).isTrue();
    assertThat(looks(5 * SECOND, true, false)).isFalse();
  }

  @Test
  void aBusThatNeverOpensIsNotWaitedForForEver() {
    assertThat(looks(9 * SECOND, false, false)).isTrue();
    assertThat(looks(10 * SECOND, false, false)).isFalse();
  }

  @Test
  void whoIsThereAndIsSilentIsWaitedForLonger() {
    assertThat(looks(9 * SECOND, true, true)).isTrue();
    assertThat(looks(10 * SECOND, true, true)).isFalse();
  }

  @Test
  void aStandstillOfItsOwnCountsAgainstNobody() {
    assertThat(patience.lasts(60 * SECOND, SECOND, true, false)).isTrue();
    assertThat(looks(61 * SECOND, true, false)).isTrue();
    assertThat(looks(62 * SECOND, true, false)).isFalse();
  }

  private boolean looks(long now, boolean open, boolean owed) {
    return patience.lasts(now, now, open, owed);
  }
}

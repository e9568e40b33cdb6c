package io.hamlet.manager.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Only a leader that could commit, and does not, hangs. */
class FollowingTest {
  private static final List<String> THREE = List.of("a", "b", "c");
  private static final long COMMITTED = 40;
  private static final long PATIENCE = 1_000;

  @Test
  void aMajorityThatAnswersAndLacksNothingSuffices() {
    assertThat(suffices(THREE, lacksNothing("b"), away("c"))).isTrue();
    assertThat(suffices(List.of("a"))).isTrue();
  }

  @Test
  void whoCatchesUpOrIsAwayIsWaitedFor() {
    assertThat(suffices(THREE, catchesUp("b"), away("c"))).isFalse();
    assertThat(suffices(THREE)).isFalse();
  }

  @Test
  void aMajorityIsOfVotersOnly() {
    List<String> four = List.of("a", "b", "c", "d");
    assertThat(suffices(four, lacksNothing("b"), lacksNothing("e"))).isFalse();
    assertThat(suffices(four, lacksNothing("b"), lacksNothing("c"))).isTrue();
    List<String> without = List.of("b", "c");
    assertThat(suffices(without, lacksNothing("b"), catchesUp("c"))).isFalse();
    assertThat(suffices(without, lacksNothing("b"), lacksNothing("c"))).isTrue();
  }

  private static Following lacksNothing(String voter) {
    return new Following(voter, COMMITTED + 1, PATIENCE);
  }

  private static Following catchesUp(String voter) {
    return new Following(voter, COMMITTED, 0);
  }

  private static Following away(String voter) {
    return new Following(voter, COMMITTED + 1, PATIENCE + 1);
  }

  private static boolean suffices(List<String> voters, Following... others) {
    return Following.suffices(voters, "a", COMMITTED, PATIENCE, Arrays.asList(others));
  }
}

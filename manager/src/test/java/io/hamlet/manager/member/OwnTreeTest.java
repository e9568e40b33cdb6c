package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.recovery.HamEvent;
import org.junit.jupiter.api.Test;

/** Nothing is concluded before what was told is in the state. */
class OwnTreeTest {
  private static final long NOW = 1_000_000_000L;
  private static final HamEvent GAINED = new HamEvent.RightGained(3);
  private static final HamEvent OTHER = new HamEvent.RightGained(4);

  private final Household home = new Household();
  private int wakes;
  private final OwnTree tree = new OwnTree(home, home, () -> wakes++);

  @Test
  void whoHasToldNothingAsksNothing() {
    assertThat(tree.isSettled()).isTrue();
    assertThat(tree.due(NOW)).isEqualTo(Long.MAX_VALUE);
    assertThat(home.questions).isZero();
  }

  @Test
  void whatWasToldIsInTheStateWhenTheQuestionBehindItIsAnswered() {
    tree.tell(GAINED);
    assertThat(tree.isSettled()).isFalse();
    assertThat(tree.due(NOW)).isEqualTo(Long.MAX_VALUE);
    tree.due(NOW);
    assertThat(home.questions).as("once").isEqualTo(1);
    assertThat(tree.isSettled()).isFalse();
    home.arrive();
    assertThat(wakes).isEqualTo(1);
    assertThat(tree.isSettled()).isTrue();
    assertThat(tree.state().right()).isEqualTo(3);
  }

  @Test
  void anAnswerSaysNothingOfWhatWasToldLater() {
    tree.tell(GAINED);
    tree.due(NOW);
    tree.tell(OTHER);
    home.arrive();
    assertThat(tree.isSettled()).isFalse();
    tree.due(NOW);
    assertThat(home.questions).isEqualTo(2);
    home.arrive();
    assertThat(tree.isSettled()).isTrue();
    assertThat(tree.state().right()).isEqualTo(4);
  }

  @Test
  void whoIsTurnedAwayAsksAgainALittleLater() {
    home.turnsAway = true;
    tree.tell(GAINED);
    tree.due(NOW);
    home.arrive();
    assertThat(wakes).isEqualTo(1);
    assertThat(tree.isSettled()).isFalse();
    long again = tree.due(NOW);
    assertThat(again).isGreaterThan(NOW).isLessThan(Long.MAX_VALUE);
    assertThat(tree.due(again - 1)).isEqualTo(again);
    assertThat(home.questions).as("not before that").isEqualTo(1);
    home.turnsAway = false;
    tree.due(again);
    home.arrive();
    assertThat(home.questions).isEqualTo(2);
    assertThat(tree.isSettled()).isTrue();
  }
}

package io.hamlet.manager.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.recovery.HamEvent.QuorumChanged;
import org.junit.jupiter.api.Test;

/**
 * A node that runs nothing for its cluster learns, too, when it loses the majority (sam.md 2.7).
 */
class QuorumWatchTest {
  private static final long NOW = 1_000_000_000L;
  private static final long END = NOW + 1_500_000_000L;
  private static final long OWN = 5;

  private final Household home = new Household();
  private final OwnTree tree = new OwnTree(home, home, () -> {});
  private QuorumWatch watch = new QuorumWatch(tree, home, Long.MIN_VALUE);

  /** One round, and all that comes of it. */
  private long look(long now, long incarnation) {
    long next = watch.due(now, incarnation);
    tree.due(now);
    home.arrive();
    return next;
  }

  private boolean quorate() {
    return home.tree.state.sam().quorate();
  }

  @Test
  void whoHasNotJoinedBelongsToNoMajorityAndIsToldOnce() {
    assertThat(quorate()).as("who is in no cluster").isTrue();
    home.end = END;
    assertThat(look(NOW, 0)).isEqualTo(Long.MAX_VALUE);
    look(NOW, 0);
    assertThat(home.told).containsExactly(new QuorumChanged(false));
    assertThat(quorate()).isFalse();
    assertThat(watch.waits()).isTrue();
  }

  @Test
  void aLeaseIsAMajorityUntilItsVeryEnd() {
    look(NOW, OWN);
    home.end = END;
    home.refusal = "the leash is not armed yet";
    assertThat(look(NOW, OWN)).as("whatever forbids to start").isEqualTo(END);
    assertThat(quorate()).isTrue();
    assertThat(watch.waits()).isFalse();
    home.told.clear();
    assertThat(look(END - 1, OWN)).isEqualTo(END);
    assertThat(home.told).isEmpty();
    assertThat(look(END, OWN)).isEqualTo(Long.MAX_VALUE);
    look(END + 1, OWN);
    assertThat(home.told).containsExactly(new QuorumChanged(false));
  }

  /** What is on its way counts: nothing is told twice, and nothing against it. */
  @Test
  void nothingIsToldBeforeWhatWasToldHasArrived() {
    watch.due(NOW, OWN);
    home.end = END;
    assertThat(watch.due(NOW, OWN)).isEqualTo(Long.MAX_VALUE);
    assertThat(home.told).containsExactly(new QuorumChanged(false));
    tree.due(NOW);
    home.arrive();
    look(NOW, OWN);
    assertThat(home.told).containsExactly(new QuorumChanged(false), new QuorumChanged(true));
    assertThat(quorate()).isTrue();
  }

  /** Another manager of the same start goes on, and hears its first answer a little later. */
  @Test
  void aSuccessorGoesOnWithWhatTheOneBeforeKnew() {
    watch = new QuorumWatch(tree, home, END);
    assertThat(look(NOW, OWN)).isEqualTo(END);
    assertThat(home.told).isEmpty();
    look(END, OWN);
    assertThat(home.told).containsExactly(new QuorumChanged(false));
  }

  @Test
  void aSuccessorAssumesNoMajorityThatTheOneBeforeDidNotHave() {
    home.post(new QuorumChanged(false));
    home.arrive();
    home.told.clear();
    watch = new QuorumWatch(tree, home, END);
    assertThat(look(NOW, OWN)).isEqualTo(Long.MAX_VALUE);
    assertThat(home.told).isEmpty();
  }
}

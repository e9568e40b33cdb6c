package io.hamlet.manager.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.manager.consensus.HangGuard.Sight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A voter that is looked at each second, on a clock that is moved by hand. */
class HangGuardTest {
  private static final Sight LEADS = new Sight(true, 7, 100, "commands");
  private static final Sight FOLLOWS = new Sight(false, 0, 5, "entries");

  private final ByHand thread = new ByHand();
  private final Looked voter = new Looked();
  private final List<String> hangs = new ArrayList<>();
  private final HangGuard guard =
      new HangGuard(Duration.ofSeconds(4), voter, hangs::add, () -> thread.now, thread);

  @AfterEach
  void close() {
    guard.close();
  }

  @Test
  void aLeaderWhoseCommandsStandStillGivesUpAndHangsWhenItCannot() {
    looks(LEADS, 6);
    assertThat(voter.steps).isZero();
    looks(LEADS, 1);
    assertThat(voter.steps).isEqualTo(1);
    looks(LEADS, 1);
    assertThat(hangs).isEmpty();
    looks(LEADS, 1);
    assertThat(voter.steps).isEqualTo(1);
    assertThat(hangs).containsExactly("commands");
    assertThat(thread.next).as("it is looked at no more").isNull();
  }

  @Test
  void whoHasGivenUpStartsAnew() {
    looks(LEADS, 8);
    looks(new Sight(true, 9, 100, "commands"), 8);
    assertThat(voter.steps).as("in each of two terms").isEqualTo(2);
    assertThat(hangs).isEmpty();
  }

  @Test
  void aFollowerThatLeavesSomethingWaitingHangs() {
    looks(FOLLOWS, 4);
    assertThat(hangs).isEmpty();
    looks(FOLLOWS, 1);
    assertThat(hangs).containsExactly("entries");
    assertThat(voter.steps).isZero();
  }

  @Test
  void whatMovesOrWaitsForNothingIsWell() {
    for (int i = 0; i < 50; i++) {
      looks(new Sight(true, 7, i, "commands"), 2);
      looks(new Sight(false, 0, i, "entries"), 2);
    }
    looks(new Sight(true, 7, 100, ""), 50);
    looks(new Sight(false, 0, 0, ""), 50);
    assertThat(voter.steps).isZero();
    assertThat(hangs).isEmpty();
  }

  @Test
  void aStandstillOfItsOwnIsNotHeldAgainstTheVoter() {
    looks(FOLLOWS, 2);
    for (int i = 0; i < 20; i++) {
      look(FOLLOWS, 10_000);
    }
    assertThat(hangs).isEmpty();
  }

  @Test
  void whoCannotBeLookedAtIsLookedAtAgain() {
    looks(null, 50);
    assertThat(hangs).isEmpty();
    looks(FOLLOWS, 5);
    assertThat(hangs).hasSize(1);
  }

  private void looks(Sight sight, int times) {
    for (int i = 0; i < times; i++) {
      look(sight, 0);
    }
  }

  private void look(Sight sight, long lateMillis) {
    voter.sight = sight;
    if (thread.next == null) {
      guard.start();
    }
    thread.look(lateMillis * 1_000_000);
  }

  private static final class Looked implements HangGuard.Voter {
    private Sight sight;
    private int steps;

    @Override
    public Sight sight() {
      if (sight == null) {
        throw new IllegalStateException("the voter has gone");
      }
      return sight;
    }

    @Override
    public void stepDown() {
      steps++;
    }
  }

  private static final class ByHand extends ScheduledThreadPoolExecutor {
    private Runnable next;
    private long due;
    private long now;

    ByHand() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long after, TimeUnit unit) {
      next = work;
      due = now + unit.toNanos(after);
      return null;
    }

    void look(long late) {
      Runnable work = next;
      next = null;
      now = due + late;
      work.run();
    }
  }
}

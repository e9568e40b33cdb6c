package io.hamlet.manager.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.manager.consensus.HangGuard.Sight;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
      new HangGuard(Duration.ofSeconds(8), voter, hangs::add, thread::now, thread);

  @AfterEach
  void close() {
    guard.close();
  }

  @Test
  void aLeaderWhoseCommandsStandStillGivesUpAndHangsWhenItCannot() {
    looks(LEADS, 12);
    assertThat(voter.steps).isZero();
    looks(LEADS, 1);
    assertThat(voter.steps).isEqualTo(1);
    looks(LEADS, 5);
    assertThat(hangs).isEmpty();
    looks(LEADS, 1);
    assertThat(voter.steps).isEqualTo(1);
    assertThat(hangs).containsExactly("commands");
    assertThat(thread.isDone()).as("it is looked at no more").isTrue();
  }

  @Test
  void whoHasGivenUpStartsAnew() {
    looks(LEADS, 16);
    looks(new Sight(true, 9, 100, "commands"), 16);
    assertThat(voter.steps).as("in each of two terms").isEqualTo(2);
    assertThat(hangs).isEmpty();
  }

  @Test
  void aFollowerThatLeavesSomethingWaitingHangs() {
    looks(FOLLOWS, 10);
    assertThat(hangs).isEmpty();
    looks(FOLLOWS, 1);
    assertThat(hangs).containsExactly("entries");
    assertThat(voter.steps).isZero();
  }

  /** Found in review: votes, directories and truncations wait for it as well as entries. */
  @Test
  void whoWaitsForTheDiskDoesNotHang() {
    voter.probe = new CompletableFuture<>();
    looks(FOLLOWS, 50);
    voter.probe.complete(null);
    looks(FOLLOWS, 1);
    assertThat(hangs).as("what waited for it may move now").isEmpty();
    looks(FOLLOWS, 1);
    assertThat(hangs).hasSize(1);
  }

  @Test
  void aDiskThatCannotBeWrittenIsTriedAgain() {
    voter.probe = CompletableFuture.failedFuture(new IOException("for a test"));
    looks(FOLLOWS, 50);
    assertThat(hangs).isEmpty();
    assertThat(voter.probes).isGreaterThan(10);
    voter.probe = CompletableFuture.completedFuture(null);
    looks(FOLLOWS, 3);
    assertThat(hangs).hasSize(1);
  }

  @Test
  void whatMovesOrWaitsForNothingIsWell() {
    for (int i = 0; i < 50; i++) {
      looks(new Sight(true, 7, i, "commands"), 4);
      looks(new Sight(false, 0, i, "entries"), 4);
    }
    looks(new Sight(true, 7, 100, ""), 50);
    looks(new Sight(false, 0, 0, ""), 50);
    assertThat(voter.steps).isZero();
    assertThat(voter.probes).isZero();
    assertThat(hangs).isEmpty();
  }

  @Test
  void aStandstillOfItsOwnIsNotHeldAgainstTheVoter() {
    looks(FOLLOWS, 4);
    for (int i = 0; i < 50; i++) {
      look(FOLLOWS, 400);
    }
    assertThat(hangs).isEmpty();
  }

  @Test
  void whoCannotBeLookedAtIsLookedAtAgain() {
    looks(null, 50);
    assertThat(hangs).isEmpty();
    looks(FOLLOWS, 11);
    assertThat(hangs).hasSize(1);
  }

  private void looks(Sight sight, int times) {
    for (int i = 0; i < times; i++) {
      look(sight, 0);
    }
  }

  private void look(Sight sight, long lateMillis) {
    voter.sight = sight;
    if (thread.isDone()) {
      guard.start();
    }
    thread.look(lateMillis * 1_000_000);
  }

  private static final class Looked implements HangGuard.Voter {
    private CompletableFuture<Void> probe = CompletableFuture.completedFuture(null);
    private Sight sight;
    private int steps;
    private int probes;

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

    @Override
    public CompletableFuture<Void> probe() {
      probes++;
      return probe;
    }
  }
}

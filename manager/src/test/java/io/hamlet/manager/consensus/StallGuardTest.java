package io.hamlet.manager.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A leader with work, on a clock that is moved by hand. */
class StallGuardTest {
  private static final long MILLI = 1_000_000L;

  private final ByHand thread = new ByHand();
  private final Leading leader = new Leading();
  private final List<String> failures = new ArrayList<>();
  private final StallGuard guard =
      new StallGuard(Duration.ofSeconds(1), leader, failures::add, thread::now, thread);

  @AfterEach
  void close() {
    guard.close();
  }

  @Test
  void aDiskThatStandsStillCostsTheLeadAndThenTheVoter() {
    guard.begin();
    looks(5, 0);
    assertThat(leader.steps).isEqualTo(1);
    assertThat(failures).isEmpty();
    looks(4, 0);
    assertThat(leader.steps).isEqualTo(1);
    assertThat(failures).containsExactly("its disk has stood still for 2000 ms");
  }

  /** Found in review: a voter that hangs inside was ended for its disk, and never voted again. */
  @Test
  void whatWaitsForSomethingElseIsNotHeldAgainstTheDisk() {
    leader.probe.complete(null);
    guard.begin();
    looks(20, 0);
    assertThat(leader.steps).isEqualTo(1);
    assertThat(failures).isEmpty();
    leader.probe = new CompletableFuture<>();
    looks(8, 0);
    assertThat(failures).as("now the disk stands still, too").hasSize(1);
  }

  @Test
  void aDiskThatFailsIsNotWell() {
    leader.probe.completeExceptionally(new IOException("for a test"));
    guard.begin();
    looks(9, 0);
    assertThat(failures).hasSize(1);
  }

  @Test
  void aDiskThatWritesCostsNothing() {
    guard.begin();
    for (int i = 0; i < 20; i++) {
      leader.flushed++;
      looks(1, 0);
    }
    assertThat(leader.steps).isZero();
  }

  /** Found in review: two pauses of the whole process ended a voter whose disk was well. */
  @Test
  void aStandstillOfItsOwnIsNotHeldAgainstTheDisk() {
    guard.begin();
    looks(1, 0);
    looks(1, 3_000);
    looks(1, 3_000);
    assertThat(leader.steps).isZero();
    looks(4, 0);
    assertThat(leader.steps).isEqualTo(1);
    looks(1, 3_000);
    assertThat(failures).isEmpty();
  }

  private void looks(int times, long lateMillis) {
    for (int i = 0; i < times; i++) {
      thread.look(lateMillis * MILLI);
    }
  }

  private static final class Leading implements StallGuard.Leader {
    private CompletableFuture<Void> probe = new CompletableFuture<>();
    private long flushed;
    private int steps;

    @Override
    public boolean isLeading() {
      return true;
    }

    @Override
    public long flushed() {
      return flushed;
    }

    @Override
    public boolean isBusy() {
      return true;
    }

    @Override
    public void stepDown() {
      steps++;
    }

    @Override
    public CompletableFuture<Void> probe() {
      return probe;
    }
  }
}

package io.hamlet.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.supervise.health.Finding;
import io.hamlet.agent.supervise.health.Finding.Verdict;
import io.hamlet.agent.supervise.notify.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Words and findings become calls of SAM, at the right time. Times are milliseconds. */
class AdvocateTest {
  private static final Deed START = new Deed.Start();
  private static final Deed STOP = new Deed.Stop(false);
  private static final Deed LEAVE = new Deed.Stop(true);
  private static final Deed BEAT = new Deed.Beat();
  private static final long NEVER = Long.MAX_VALUE;

  private Advocate advocate = new Advocate(Duration.ofMillis(1_000), true);

  private static long at(long millis) {
    return millis * 1_000_000;
  }

  private static List<Deed> calls(List<Deed> deeds) {
    return deeds.stream().filter(d -> !(d instanceof Deed.Tell)).toList();
  }

  private static List<String> told(List<Deed> deeds) {
    return deeds.stream()
        .filter(d -> d instanceof Deed.Tell)
        .map(d -> ((Deed.Tell) d).line())
        .toList();
  }

  private List<Deed> heard(Word word, long millis) {
    return calls(advocate.heard(word, at(millis)));
  }

  private List<Deed> found(Verdict verdict, long millis) {
    return calls(advocate.found(new Finding(verdict, ""), at(millis)));
  }

  /** All deeds until a time, with the time of each. */
  private List<String> runUntil(long millis) {
    List<String> all = new ArrayList<>();
    while (advocate.nextDue() <= at(millis)) {
      long now = advocate.nextDue();
      for (Deed deed : calls(advocate.due(now))) {
        all.add(now / 1_000_000 + " " + deed.getClass().getSimpleName());
      }
    }
    return all;
  }

  @Test
  void readyIsStartAndAliveIsAHeartbeat() {
    assertThat(advocate.began(false, at(0))).isEmpty();
    assertThat(heard(new Word.Alive(), 10)).as("before it is ready").isEmpty();
    assertThat(heard(new Word.Ready(), 100)).containsExactly(START);
    assertThat(heard(new Word.Alive(), 600)).containsExactly(BEAT);
    assertThat(heard(new Word.Ready(), 700)).as("again").containsExactly(BEAT);
    assertThat(advocate.nextDue()).isEqualTo(NEVER);
  }

  @Test
  void withStartNowNobodyIsWaitedFor() {
    advocate = new Advocate(Duration.ofMillis(1_000), false);
    assertThat(calls(advocate.began(false, at(0)))).containsExactly(START);
    advocate.ended();
    assertThat(calls(advocate.began(true, at(5)))).as("by the manager").isEmpty();
    assertThat(heard(new Word.Alive(), 50)).containsExactly(BEAT);
  }

  @Test
  void stoppingEndsSupervisionAndNothingBringsItBack() {
    advocate.began(true, at(0));
    assertThat(heard(new Word.Stopping(), 10)).containsExactly(LEAVE);
    assertThat(advocate.leaves()).isTrue();
    assertThat(heard(new Word.Stopping(), 11)).isEmpty();
    assertThat(heard(new Word.Ready(), 12)).isEmpty();
    assertThat(heard(new Word.Alive(), 13)).isEmpty();
    assertThat(heard(new Word.Trigger(), 14)).isEmpty();
    assertThat(found(Verdict.WELL, 15)).isEmpty();
    advocate.ended();
    advocate.began(false, at(20));
    assertThat(heard(new Word.Ready(), 21)).as("the next instance").containsExactly(START);
  }

  @Test
  void triggerWarnsOnceUntilItLivesAgain() {
    advocate.began(true, at(0));
    assertThat(heard(new Word.Trigger(), 10))
        .hasOnlyElementsOfType(Deed.Unhealthy.class)
        .hasSize(1);
    assertThat(heard(new Word.Trigger(), 11)).isEmpty();
    assertThat(heard(new Word.Alive(), 20)).containsExactly(BEAT);
    assertThat(heard(new Word.Trigger(), 30)).hasSize(1);
  }

  /** A program that hangs and is warned ends as it does on TERM, and says so. */
  @Test
  void whoStopsBecauseOfAWarningHasFailed() {
    advocate.began(true, at(0));
    advocate.warned();
    assertThat(heard(new Word.Stopping(), 10)).isEmpty();
    assertThat(advocate.leaves()).isFalse();
    advocate.ended();
    advocate.began(true, at(20));
    assertThat(heard(new Word.Stopping(), 30)).containsExactly(LEAVE);
  }

  @Test
  void aLongerPeriodIsVouchedForUntilTheSupervisorCanTakeOver() {
    advocate.began(true, at(0));
    heard(new Word.Period(Duration.ofMillis(2_500)), 0);
    // The last one comes one interval before the period is over.
    assertThat(runUntil(10_000))
        .containsExactly("250 Beat", "500 Beat", "750 Beat", "1000 Beat", "1250 Beat", "1500 Beat");
    assertThat(advocate.nextDue()).isEqualTo(NEVER);
    assertThat(heard(new Word.Alive(), 2_000)).containsExactly(BEAT);
    assertThat(runUntil(10_000)).hasSize(6).last().isEqualTo("3500 Beat");
  }

  @Test
  void aShorterPeriodIsWatchedHere() {
    advocate.began(true, at(0));
    heard(new Word.Period(Duration.ofMillis(300)), 0);
    heard(new Word.Alive(), 200);
    assertThat(runUntil(10_000)).containsExactly("500 Unhealthy");
  }

  @Test
  void withoutAnIntervalThePeriodOfTheProgramCounts() {
    advocate = new Advocate(Duration.ZERO, true);
    advocate.began(true, at(0));
    assertThat(advocate.nextDue()).isEqualTo(NEVER);
    heard(new Word.Period(Duration.ofMillis(300)), 10);
    assertThat(runUntil(10_000)).containsExactly("310 Unhealthy");
  }

  @Test
  void moreTimeIsVouchedFor() {
    advocate.began(true, at(0));
    assertThat(heard(new Word.Extend(Duration.ofMillis(600)), 100)).containsExactly(BEAT);
    assertThat(runUntil(10_000)).containsExactly("350 Beat", "600 Beat", "700 Beat");
    heard(new Word.Period(Duration.ofMillis(300)), 1_000);
    heard(new Word.Extend(Duration.ofMillis(500)), 1_000);
    assertThat(runUntil(10_000)).last().isEqualTo("1500 Unhealthy");
  }

  @Test
  void aFloodOfHeartbeatsIsPutTogetherAndTheLastOneCounts() {
    advocate.began(true, at(0));
    int beats = 0;
    for (long nanos = at(10); nanos < at(20); nanos += 1_000) {
      if (advocate.nextDue() <= nanos) {
        beats += calls(advocate.due(nanos)).size();
      }
      beats += calls(advocate.heard(new Word.Alive(), nanos)).size();
    }
    assertThat(beats).isBetween(4, 6);
    assertThat(advocate.nextDue()).as("the last one").isLessThanOrEqualTo(at(20) + Advocate.GAP);
    assertThat(runUntil(1_000)).hasSize(1);
  }

  @Test
  void findingsAreHeartbeatsUnlessSick() {
    advocate.began(false, at(0));
    assertThat(found(Verdict.SICK, 10)).isEmpty();
    assertThat(found(Verdict.UNKNOWN, 20)).as("not seen to be ready").isEmpty();
    assertThat(found(Verdict.WELL, 30)).containsExactly(START);
    assertThat(found(Verdict.WELL, 40)).containsExactly(BEAT);
    assertThat(found(Verdict.SICK, 50)).isEmpty();
    assertThat(found(Verdict.UNKNOWN, 60)).as("nobody could look").containsExactly(BEAT);
  }

  @Test
  void aFindingIsToldWhenItChanges() {
    advocate.began(true, at(0));
    assertThat(told(advocate.found(new Finding(Verdict.WELL, ""), at(1)))).isEmpty();
    Finding sick = new Finding(Verdict.SICK, "exit 2: full");
    assertThat(told(advocate.found(sick, at(2)))).containsExactly("health: SICK exit 2: full");
    assertThat(told(advocate.found(sick, at(3)))).isEmpty();
    assertThat(told(advocate.found(new Finding(Verdict.WELL, ""), at(4))))
        .containsExactly("health: well again");
  }

  @Test
  void afterASignalTheEndIsNoFailure() {
    advocate.began(true, at(0));
    assertThat(advocate.signalled(true)).containsExactly(STOP);
    assertThat(heard(new Word.Alive(), 10)).isEmpty();
    assertThat(advocate.signalled(false)).as("a later HUP changes nothing").isEmpty();
    assertThat(heard(new Word.Alive(), 20)).isEmpty();
  }

  @Test
  void afterAHangupTheNextSignOfLifeStartsAnew() {
    advocate.began(true, at(0));
    assertThat(advocate.signalled(false)).containsExactly(STOP);
    assertThat(heard(new Word.Alive(), 10)).containsExactly(START);
    advocate.signalled(false);
    assertThat(found(Verdict.WELL, 20)).containsExactly(START);
    advocate.signalled(false);
    assertThat(heard(new Word.Reloading(), 30)).isEmpty();
    assertThat(heard(new Word.Ready(), 40)).containsExactly(START);
  }

  @Test
  void aStatusThatChangesFastIsToldOnceASecondAndTheLastOneAtTheEnd() {
    advocate.began(true, at(0));
    List<String> told = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      if (advocate.nextDue() <= at(i)) {
        told.addAll(told(advocate.due(at(i))));
      }
      told.addAll(told(advocate.heard(new Word.Status("step " + i), at(i))));
    }
    assertThat(told).containsExactly("status: step 0", "status: step 999", "status: step 1999");
    assertThat(told(advocate.due(advocate.nextDue()))).containsExactly("status: step 2499");
    assertThat(advocate.nextDue()).isEqualTo(NEVER);
  }

  @Test
  void withoutAnInstanceNothingIsSaid() {
    assertThat(heard(new Word.Ready(), 1)).isEmpty();
    assertThat(found(Verdict.WELL, 1)).isEmpty();
    assertThat(advocate.signalled(true)).isEmpty();
    advocate.began(false, at(2));
    advocate.ended();
    assertThat(heard(new Word.Ready(), 3)).isEmpty();
    assertThat(advocate.nextDue()).isEqualTo(NEVER);
  }
}

package io.hamlet.it.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the checker lets pass, and what it finds. */
class LinearTest {
  private static final int CALLERS = 6;
  private final Calls calls = new Calls();

  @Test
  void whatOverlapsMayHaveHappenedInAnyOrder() {
    calls.set("r", 1, 0, 10);
    calls.set("r", 2, 1, 9);
    calls.read("r", 1, 2, 8);
    calls.read("r", 2, 3, 7);
    assertThat(calls.faults()).isEmpty();
  }

  @Test
  void aStaleReadIsFound() {
    calls.set("r", 1, 0, 1);
    calls.set("r", 2, 2, 3);
    calls.read("r", 1, 4, 5);
    assertThat(calls.faults()).singleElement().asString().contains("r: ", "read 1 with 2");
  }

  @Test
  void twoReadsThatSeeThingsTheOtherWayRoundAreFound() {
    calls.set("r", 1, 0, 100);
    calls.read("r", 1, 10, 20);
    calls.read("r", 0, 30, 40);
    assertThat(calls.faults()).hasSize(1);
  }

  @Test
  void whatIsOpenMayHaveHappenedLateOrNever() {
    calls.set("r", 1, 0, Linear.OPEN);
    calls.read("r", 0, 10, 20);
    calls.read("r", 1, 30, 40);
    calls.set("never", 1, 0, Linear.OPEN);
    calls.read("never", 0, 10, 20);
    assertThat(calls.faults()).isEmpty();
  }

  @Test
  void whatIsOpenHappensOnceAtMost() {
    calls.add("r", 1, 0, 0, Linear.OPEN);
    calls.add("r", 1, 2, 10, 20);
    assertThat(calls.faults()).isEmpty();
    calls.add("r", 1, 4, 30, 40);
    assertThat(calls.faults()).as("one was done twice").hasSize(1);
  }

  @Test
  void aNameThatTwoHaveIsFound() {
    calls.take("n", true, 0, 10);
    calls.take("n", true, 5, 15);
    assertThat(calls.faults()).hasSize(1);
  }

  @Test
  void aNameIsTakenFreedAndTakenAgain() {
    calls.take("n", true, 0, 1);
    calls.take("n", false, 2, 3);
    calls.free("n", true, 4, 5);
    calls.free("n", false, 6, 7);
    calls.take("n", true, 8, 9);
    assertThat(calls.faults()).isEmpty();
  }

  @Test
  void aRunOfARegisterPasses() {
    for (int seed = 0; seed < 20; seed++) {
      assertThat(run(seed, 0).faults()).as("seed %d", seed).isEmpty();
    }
  }

  /** Reads of one that follows, a few changes behind. */
  @Test
  void aRunWithAStaleFollowerIsFound() {
    for (int seed = 0; seed < 20; seed++) {
      assertThat(run(seed, 5).faults()).as("seed %d", seed).isNotEmpty();
    }
  }

  /** Callers by turns, each call in the middle of its time, and reads so many changes behind. */
  private static Calls run(long seed, int behind) {
    Random chance = new Random(seed);
    Calls noted = new Calls();
    Deque<Long> past = new ArrayDeque<>(List.of(0L));
    long[] free = new long[CALLERS];
    IntToLongFunction some = most -> 1 + chance.nextInt(most);
    for (long now = 0; now < 3_000; now += 5) {
      int caller = chance.nextInt(CALLERS);
      if (free[caller] >= now) {
        continue;
      }
      long begin = Math.max(free[caller] + 1, now - some.applyAsLong(20));
      long end = now + some.applyAsLong(20);
      free[caller] = end;
      if (chance.nextBoolean()) {
        noted.read("r", past.peekFirst(), begin, end);
      } else {
        past.addLast(now);
        noted.set("r", now, begin, chance.nextInt(50) == 0 ? Linear.OPEN : end);
      }
      while (past.size() > behind + 1) {
        past.removeFirst();
      }
    }
    return noted;
  }

  @Test
  void aLongHistoryOfManyCallersIsJudged() {
    List<Linear.Call<Long>> history = new ArrayList<>();
    IntStream.range(0, 5_000)
        .forEach(
            i ->
                history.add(new Linear.Call<>("add", i * 10L, i * 10L + 60, before -> before + 1)));
    assertThat(Linear.fault(0L, history)).isEmpty();
  }
}

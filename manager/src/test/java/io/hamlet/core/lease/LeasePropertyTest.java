package io.hamlet.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.lease.HearingEvent.Present;
import io.hamlet.core.lease.HearingEvent.Renewed;
import io.hamlet.core.lease.HearingEvent.Tick;
import io.hamlet.core.lease.HearingEvent.Watched;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What holds for every course of delays, losses, repetitions, pauses and changes. */
class LeasePropertyTest {
  private static final long MS = 1_000_000;
  private static final LeaseTimes TIMES = LeaseTimes.DEFAULT;
  private static final LeaseTimes LONG = new LeaseTimes(6_000 * MS);
  private static final LeaseTimes BRIEF = new LeaseTimes(900 * MS);

  private record Leases(LeaseTimes listener, LeaseTimes sender) {}

  private static final List<Leases> LEASES =
      List.of(
          new Leases(TIMES, TIMES),
          new Leases(TIMES, LONG),
          new Leases(LONG, TIMES),
          new Leases(LONG, BRIEF));

  private static final int RUNS = 20_000;

  @Test
  void theLeaseIsOverBeforeAnybodyElseMayStart() {
    long started = 0;
    long counted = 0;
    long least = Long.MAX_VALUE;
    for (long seed = 0; seed < RUNS; seed++) {
      OneOwner run = new OneOwner(seed);
      long slack = run.slack();
      assertThat(slack).as("seed %d", seed).isNotNegative();
      counted += run.counted();
      started += slack == Long.MAX_VALUE ? 0 : 1;
      least = Math.min(least, slack);
    }
    assertThat(started).as("runs that prove something").isGreaterThan(RUNS / 2);
    assertThat(counted).isGreaterThan(RUNS);
    assertThat(least).as("the wait is not longer than it must be").isLessThan(30 * MS);
  }

  @Test
  void pausesOfSingleProcessesAreNoSilence() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      Leases leases = LEASES.get((int) (seed / 2 % LEASES.size()));
      long pause = leases.sender().leaseNanos() * 4 / 15;
      Observer observer = new Observer(random, seed % 2 == 0 ? pause : 5_000 * MS, leases);
      observer.sender(false, pause);
      observer.sender(true, pause);
      assertThat(observer.suspectedUntil(60_000 * MS)).as("seed %d", seed).isEqualTo(-1);
    }
  }

  @Test
  void whoFallsSilentIsFoundInHalfALease() {
    for (long seed = 0; seed < 500; seed++) {
      Leases leases = LEASES.get((int) (seed % LEASES.size()));
      LeaseTimes times = leases.sender();
      Observer observer = new Observer(new Random(seed), 0, leases);
      observer.sender(false, 0);
      observer.sender(true, 0);
      observer.dieAt(10_000 * MS);
      assertThat(observer.suspectedUntil(60_000 * MS))
          .as("seed %d", seed)
          .isBetween(
              10_000 * MS + times.suspicion() - times.interval(),
              10_000 * MS + times.suspicion() + 60 * MS);
    }
  }

  /**
   * One who listens, as the thread of the socket does: look at the clock, take what has come, tick,
   * sleep; and between any two of these it may stand still.
   */
  private static final class Observer {
    private final Random random;
    private final long longestPause;
    private final PriorityQueue<Long> ham = new PriorityQueue<>();
    private final PriorityQueue<Long> guardian = new PriorityQueue<>();
    private final LeaseTimes times;
    private HearingState state;
    private long now;
    private long number;
    private long death = Long.MAX_VALUE;

    Observer(Random random, long longestPause, Leases leases) {
      this.random = random;
      this.longestPause = longestPause;
      this.times = leases.sender();
      this.state = HearingState.begin("v", leases.listener(), 0);
      apply(new Watched(0, new TreeMap<>(Map.of("n", times))));
    }

    /** One of the pair, which stands still now and then. */
    void sender(boolean isGuardian, long longest) {
      long due = random.nextLong(times.interval());
      long at = due;
      while (at < 61_000 * MS) {
        boolean stops = longest > 0 && random.nextInt(6) == 0;
        at = Math.max(at, due) + (stops ? longest : 0);
        (isGuardian ? guardian : ham).add(at + random.nextLong(40 * MS));
        due = at + times.interval();
      }
    }

    void dieAt(long when) {
      death = when;
    }

    /** When a suspicion came, or -1. */
    long suspectedUntil(long end) {
      while (now < end) {
        long before = now;
        stop();
        take(ham, false);
        take(guardian, true);
        stop();
        if (!apply(new Tick(before)).isEmpty()) {
          return now;
        }
        stop();
        long next = Math.min(state.due(), Math.min(peek(ham), peek(guardian)));
        now = Math.max(now + 1, next + random.nextLong(5 * MS));
      }
      return -1;
    }

    private void stop() {
      if (longestPause > 0 && random.nextInt(30) == 0) {
        now += random.nextLong(longestPause);
      }
    }

    private static long peek(PriorityQueue<Long> queue) {
      return queue.isEmpty() ? Long.MAX_VALUE / 2 : queue.peek();
    }

    private void take(PriorityQueue<Long> queue, boolean isGuardian) {
      while (!queue.isEmpty() && queue.peek() <= now) {
        if (queue.poll() < death) {
          number++;
          apply(
              isGuardian
                  ? new Present(now, "n", true, 1, 1, number)
                  : new Renewed(now, "n", 1, 1, number, 0, 0));
        }
      }
    }

    private List<HearingAct> apply(HearingEvent event) {
      HearingMachine.Step step = HearingMachine.apply(state, event);
      state = step.state();
      return step.acts();
    }
  }
}

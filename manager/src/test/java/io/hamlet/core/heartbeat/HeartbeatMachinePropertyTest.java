package io.hamlet.core.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.heartbeat.HeartbeatMachine.Mark;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Heartbeat.Health;
import io.hamlet.core.model.Moment;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What holds for every course of beats, misses, healings and pauses. */
class HeartbeatMachinePropertyTest {
  private static final long MS = 1_000_000;

  /** What a random course may do at each boundary. */
  enum Course {
    BEAT,
    MISS,
    HEAL,
    SUSPEND,
    RESUME,
    STALL
  }

  @Property(tries = 2_000)
  void marksFireExactlyWhenTheRunOfMissesEqualsThem(
      @ForAll @IntRange(max = 5) int low,
      @ForAll @IntRange(max = 5) int more,
      @ForAll boolean noHigh,
      @ForAll @LongRange(min = MS, max = 5_000 * MS) long period,
      @ForAll @Size(max = 60) List<Course> course) {
    int high = noHigh ? 0 : low + more;
    Run run = new Run(period, low, high);
    int inRow = 0;
    boolean suspended = false;
    boolean lowFired = false;
    boolean highFired = false;
    for (Course step : course) {
      List<Mark> expected = new ArrayList<>();
      switch (step) {
        case HEAL -> {
          inRow = 0;
          lowFired = false;
          highFired = false;
        }
        case SUSPEND -> suspended = true;
        case RESUME -> {
          inRow = suspended ? 0 : inRow;
          suspended = false;
        }
        case STALL -> inRow = suspended ? inRow : 0;
        case BEAT -> inRow = suspended ? inRow : 0;
        case MISS -> {
          if (!suspended && !highFired) {
            inRow++;
            if (!lowFired && low > 0 && inRow == low) {
              expected.add(Mark.LOW);
              lowFired = true;
            }
            if (high > 0 && inRow == high) {
              expected.add(Mark.HIGH);
              highFired = true;
            }
          }
        }
      }
      assertThat(run.step(step)).isEqualTo(expected);
    }
  }

  @Property(tries = 1_000)
  void whoBeatsWellWithinEachPeriodNeverMissesHoweverLateWeLook(
      @ForAll @LongRange(min = MS, max = 5_000 * MS) long period,
      @ForAll @LongRange(max = 1_000_000 * MS) long start,
      @ForAll @Size(max = 100) List<@IntRange(min = 300, max = 900) Integer> gaps,
      @ForAll @Size(min = 1, max = 20) List<@IntRange(max = 3_000) Integer> lateness) {
    BeatState state = BeatState.begin(contract(period, 1, 2), at(start), 0);
    long beatAt = start;
    long beats = 0;
    int looks = 0;
    long lookAt = state.due() + period * lateness.get(0) / 1_000;
    for (int gap : gaps) {
      beatAt += period * gap / 1_000;
      while (lookAt < beatAt) {
        HeartbeatMachine.Step step =
            HeartbeatMachine.apply(state, new BeatEvent.Tick(at(lookAt), beats));
        state = step.state();
        assertThat(step.reached()).isEmpty();
        assertThat(state.misses()).isZero();
        assertThat(state.nextTick()).isGreaterThan(lookAt);
        looks++;
        lookAt = state.due() + period * lateness.get(looks % lateness.size()) / 1_000;
      }
      beats++;
    }
  }

  private static Heartbeat contract(long period, int low, int high) {
    return new Heartbeat(period, low, high, Health.OK, 0, 1);
  }

  private static Moment at(long boot) {
    return new Moment(boot, boot);
  }

  /** A life and the clock it lives by. */
  private static final class Run {
    private BeatState state;
    private long now;
    private long beats;

    Run(long period, int low, int high) {
      state = BeatState.begin(contract(period, low, high), at(0), 0);
    }

    List<Mark> step(Course course) {
      return switch (course) {
        case HEAL -> apply(new BeatEvent.Healed());
        case SUSPEND -> apply(new BeatEvent.Suspended());
        case RESUME -> apply(new BeatEvent.Resumed(at(now), beats));
        case STALL -> look(state.due() + state.periodNanos() + 1);
        case MISS -> look(state.due());
        case BEAT -> {
          beats++;
          yield look(state.due());
        }
      };
    }

    private List<Mark> look(long when) {
      now = Math.max(now, when);
      return apply(new BeatEvent.Tick(at(now), beats));
    }

    private List<Mark> apply(BeatEvent event) {
      HeartbeatMachine.Step step = HeartbeatMachine.apply(state, event);
      state = step.state();
      return step.reached();
    }
  }
}

package io.hamlet.core.heartbeat;

import io.hamlet.core.heartbeat.BeatEvent.Healed;
import io.hamlet.core.heartbeat.BeatEvent.Resumed;
import io.hamlet.core.heartbeat.BeatEvent.Suspended;
import io.hamlet.core.heartbeat.BeatEvent.Tick;
import io.hamlet.core.model.Heartbeat.Health;
import java.util.List;

/**
 * The state machine of ham.md 5.2: at each period boundary a life has beaten or missed; the marks
 * fire when the misses in a row equal them.
 *
 * <p>The observer's own lateness is never held against the entity. A tick that comes more than a
 * period late (the manager or the machine stood still) starts the count anew, as ham.md 5.4 does
 * after a suspension; one that is only noticeably late counts, but the next interval is whole
 * again. Silence is counted from the tick that saw the last beat: while it lasts, a late tick takes
 * nothing from the entity, so the boundaries stay, and lateness does not add up to a late mark.
 */
public final class HeartbeatMachine {
  private HeartbeatMachine() {}

  /** A mark that was reached. */
  public enum Mark {
    LOW,
    HIGH
  }

  /**
   * @param reached LOW before HIGH when both are; mostly empty
   */
  public record Step(BeatState state, List<Mark> reached) {}

  /** What an event makes of a life. An event without meaning just then changes nothing. */
  public static Step apply(BeatState state, BeatEvent event) {
    return switch (event) {
      case Tick tick -> tick(state, tick);
      case Healed h -> quiet(state.counted(0, Health.OK, state.due()));
      case Suspended s -> quiet(state.suspend(true));
      case Resumed r -> quiet(state.suspended() ? state.anew(r.now(), r.counter()) : state);
    };
  }

  private static Step tick(BeatState state, Tick tick) {
    long late = tick.now().bootNanos() - state.due();
    if (state.suspended() || late < 0) {
      return quiet(state);
    }
    boolean beat = tick.counter() >= 0 && tick.counter() != state.seen();
    BeatState known = beat ? state.beaten(tick.counter(), tick.now()) : state;
    if (late > state.periodNanos()) {
      return quiet(known.anew(tick.now(), tick.counter()));
    }
    int tolerance = beat ? BeatState.TOLERANCE : BeatState.TOLERANCE_OF_SILENCE;
    long next =
        late <= state.periodNanos() / tolerance
            ? state.due() + state.periodNanos()
            : state.boundaryAfter(tick.now().bootNanos());
    return beat ? beat(known, next) : miss(known, next);
  }

  private static Step beat(BeatState state, long next) {
    return switch (state.health()) {
      case OK, MISSED_LOW -> quiet(state.counted(0, state.health(), next));
      case MISSED_HIGH -> quiet(state.counted(state.misses(), Health.MISSED_HIGH, next));
    };
  }

  private static Step miss(BeatState state, long next) {
    if (state.health() == Health.MISSED_HIGH) {
      return quiet(state.counted(state.misses(), Health.MISSED_HIGH, next));
    }
    int misses = state.misses() == Integer.MAX_VALUE ? state.misses() : state.misses() + 1;
    boolean low = state.health() == Health.OK && misses == state.contract().lowMark();
    if (misses == state.contract().highMark()) {
      List<Mark> reached = low ? List.of(Mark.LOW, Mark.HIGH) : List.of(Mark.HIGH);
      return new Step(state.counted(misses, Health.MISSED_HIGH, next), reached);
    }
    return low
        ? new Step(state.counted(misses, Health.MISSED_LOW, next), List.of(Mark.LOW))
        : quiet(state.counted(misses, state.health(), next));
  }

  private static Step quiet(BeatState state) {
    return new Step(state, List.of());
  }
}

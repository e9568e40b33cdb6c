package io.hamlet.core.heartbeat;

import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Heartbeat.Health;
import io.hamlet.core.model.Moment;

/**
 * One beating life between two ticks (ham.md 5.2). Immutable.
 *
 * @param contract the marks and the slot; its period and health are as registered, not as of now
 * @param periodNanos between ticks, a multiple of the grid
 * @param gridNanos ticks fall on multiples of it, so that those of many lives fall together
 * @param misses in a row; at MISSED_HIGH as many as led there
 * @param due CLOCK_BOOTTIME of the next tick
 * @param seen the counter at the last tick
 * @param lastBeat the tick at which a beat last counted, null before the first
 */
public record BeatState(
    Heartbeat contract,
    long periodNanos,
    long gridNanos,
    int misses,
    Health health,
    boolean suspended,
    long due,
    long seen,
    Moment lastBeat) {
  /** Coarsest first; each is a multiple of the next, so that finer grids meet the coarser ones. */
  private static final long[] GRIDS = {
    50_000_000, 10_000_000, 5_000_000, 1_000_000, 500_000, 100_000, 50_000
  };

  private static final long COARSEST_TO_ROUND = 10_000_000;

  /** A period may be stretched, or a tick that sees a beat be late, by this part of the period. */
  static final int TOLERANCE = 20;

  /** So late may a tick be that sees none; later ones mean that the machine stood still. */
  static final int TOLERANCE_OF_SILENCE = 4;

  /** Begins to watch, as if the entity had beaten just now. */
  public static BeatState begin(Heartbeat contract, Moment now, long counter) {
    long grid = gridOf(contract.periodNanos());
    long period = roundUp(contract.periodNanos(), grid);
    long due = roundUp(now.bootNanos() + period, grid);
    return new BeatState(contract, period, grid, 0, contract.health(), false, due, counter, null);
  }

  /** Remembers when a beat last counted, from an earlier watch of the same life. */
  public BeatState remembering(Moment earlierBeat) {
    return beaten(seen, earlierBeat);
  }

  /** CLOCK_BOOTTIME of the next tick; Long.MAX_VALUE while suspended. */
  public long nextTick() {
    return suspended ? Long.MAX_VALUE : due;
  }

  /**
   * The grid for a period: one that divides it if there is one; else the period is stretched to a
   * multiple, by at most a twentieth and 10 ms, because an interval cut short would be a false
   * miss.
   */
  private static long gridOf(long period) {
    long rounding = 0;
    for (long grid : GRIDS) {
      if (grid <= period / TOLERANCE) {
        if (period % grid == 0) {
          return grid;
        }
        if (rounding == 0 && grid <= COARSEST_TO_ROUND) {
          rounding = grid;
        }
      }
    }
    return rounding;
  }

  private static long roundUp(long value, long grid) {
    return Math.ceilDiv(value, grid) * grid;
  }

  /** The first tick that leaves a whole period from then. */
  long boundaryAfter(long bootNanos) {
    return roundUp(bootNanos + periodNanos, gridNanos);
  }

  BeatState counted(int nowMissed, Health nowHealth, long nextDue) {
    return new BeatState(
        contract, periodNanos, gridNanos, nowMissed, nowHealth, suspended, nextDue, seen, lastBeat);
  }

  BeatState beaten(long counter, Moment at) {
    return new BeatState(
        contract, periodNanos, gridNanos, misses, health, suspended, due, counter, at);
  }

  BeatState suspend(boolean nowSuspended) {
    return new BeatState(
        contract, periodNanos, gridNanos, misses, health, nowSuspended, due, seen, lastBeat);
  }

  /** Whole again from now on; a latched health stays. */
  BeatState anew(Moment now, long counter) {
    return new BeatState(
        contract,
        periodNanos,
        gridNanos,
        0,
        health,
        false,
        boundaryAfter(now.bootNanos()),
        counter < 0 ? seen : counter,
        lastBeat);
  }
}

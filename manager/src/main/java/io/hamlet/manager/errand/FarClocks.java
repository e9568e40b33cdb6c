package io.hamlet.manager.errand;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the clocks of other nodes show, by the last message of each. Always behind the truth by the
 * way of that message, so that a time told by them is never later than meant. Thread-safe.
 */
final class FarClocks {
  /** After that a clock is asked for anew rather than guessed. */
  private static final long OLDEST = Duration.ofMinutes(10).toNanos();

  /** Clocks may differ in speed by one in so many. */
  private static final long DRIFT = 1_000;

  private final Map<String, Reading> readings = new ConcurrentHashMap<>();

  /**
   * A clock as it was read.
   *
   * @param boot which clock it is
   * @param there what it showed
   * @param here what ours showed when that was heard
   */
  record Reading(String boot, long there, long here) {
    /** What that clock will show when ours shows that, or a little later. */
    long at(long time, long now) {
      return there + (time - here) - (now - here) / DRIFT;
    }
  }

  void heard(String node, String boot, long there, long here) {
    readings.put(node, new Reading(boot, there, here));
  }

  /** Null: not known, or too old. */
  Reading of(String node, long now) {
    Reading reading = readings.get(node);
    return reading == null || now - reading.here() > OLDEST ? null : reading;
  }
}

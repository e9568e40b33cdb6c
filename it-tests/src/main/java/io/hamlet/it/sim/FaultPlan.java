package io.hamlet.it.sim;

/**
 * How rough the world is while the faults last.
 *
 * @param seconds how long
 * @param crashesPerMillion places in a million where the manager is killed
 * @param killsPerMinute how often each process dies of something
 * @param failedStartsPercent of starts that come to nothing
 * @param slowestGateMillis a gate takes up to that long
 */
public record FaultPlan(
    int seconds,
    int crashesPerMillion,
    int killsPerMinute,
    int failedStartsPercent,
    int slowestGateMillis) {
  /** Nothing goes wrong. */
  public static final FaultPlan NONE = new FaultPlan(0, 0, 0, 0, 0);

  /** A rough minute. */
  public static final FaultPlan ROUGH = new FaultPlan(60, 30_000, 6, 10, 300);
}

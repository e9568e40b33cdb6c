package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.model.Tally;
import java.util.ArrayList;
import java.util.List;

/** Restart budget and back-off as arithmetic: policy, past and now in, decision out. */
public final class Backoff {
  private static final long GOOD_RUN_AT_LEAST = 1_000_000_000L;

  private Backoff() {}

  /** What to do about a death, or about a start that failed. */
  public sealed interface Decision {}

  /** Start at once. */
  public record Now(Tally tally) implements Decision {}

  /** Start at that CLOCK_BOOTTIME. */
  public record Later(Tally tally, long untilBoot) implements Decision {}

  /** Start no more. */
  public record Spent(String why) implements Decision {}

  /**
   * Whether and when there is another start.
   *
   * @param runNanos how long the process ran that ended now; 0 when it did not even start, and
   *     Long.MAX_VALUE after a reboot, which counts as a good run
   * @param seed what the jitter is made from, so that a replay gives the same
   */
  public static Decision decide(
      RestartPolicy policy, Tally tally, long runNanos, long now, EffectId seed) {
    if (policy.equals(RestartPolicy.NONE)) {
      return new Now(tally);
    }
    List<Long> recent = new ArrayList<>();
    for (long at : tally.restarts()) {
      if (at <= now && now - at < policy.period().toNanos()) {
        recent.add(at);
      }
    }
    if (policy.isLimited() && recent.size() >= policy.most()) {
      return new Spent(
          "restarted " + recent.size() + " times within " + policy.period().toMillis() + " ms");
    }
    boolean goodRun = runNanos > goodRun(policy);
    int quick = goodRun ? 0 : tally.quickDeaths();
    long delay = delay(policy, quick, seed);
    if (policy.isLimited()) {
      recent.add(now + delay);
    }
    // Beyond this the delay is at its cap for any policy.
    Tally next = new Tally(recent, Math.min(quick + 1, 62));
    return delay == 0 ? new Now(next) : new Later(next, now + delay);
  }

  private static long goodRun(RestartPolicy policy) {
    return Math.max(
        GOOD_RUN_AT_LEAST, Math.max(policy.period().toNanos(), policy.longest().toNanos()));
  }

  /** Zero for the first try, then doubling from the least to the longest, less up to a quarter. */
  private static long delay(RestartPolicy policy, int quick, EffectId seed) {
    if (quick == 0 || policy.longest().isZero()) {
      return 0;
    }
    long least = Math.max(1, policy.least().toNanos());
    long longest = policy.longest().toNanos();
    int doublings = quick - 1;
    boolean capped = doublings >= Long.numberOfLeadingZeros(least) - 1;
    long full = capped ? longest : Math.min(longest, least << doublings);
    return full - Math.floorMod(mix(seed), full / 4 + 1);
  }

  private static long mix(EffectId seed) {
    long h = seed.entry().index() * 0x9E3779B97F4A7C15L + seed.entry().epoch() + seed.ordinal();
    h ^= h >>> 32;
    h *= 0xD6E8FEB86659FD93L;
    return h ^ h >>> 32;
  }
}

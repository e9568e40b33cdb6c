package io.hamlet.core.sam;

import io.hamlet.core.model.Refused;
import io.hamlet.core.model.RestartPolicy;
import java.util.List;
import java.util.TreeSet;

/**
 * What a program and its supervisor agree on (sam.md 1.4, 4.3, 4.4).
 *
 * @param intervalMillis within which a message is due; 0, and in strict mode anything below: no
 *     limit
 * @param quorum start waits for a quorum, and its loss is a failure
 * @param publish keys are published, and the program may mark itself failed
 * @param strict behaves as libsam does
 * @param startNow each instance is started by whoever launches it
 * @param killAfterMillis between warning and kill; 0: the interval, and without one 10 s
 * @param restarts how often and how soon; strict: without limit
 * @param successExits exit statuses that end supervision in good order, rising; strict: none
 */
public record SamContract(
    long intervalMillis,
    Recovery recovery,
    boolean quorum,
    boolean publish,
    boolean strict,
    boolean startNow,
    long killAfterMillis,
    RestartPolicy restarts,
    List<Integer> successExits) {
  private static final long MOST_MILLIS = 366L * 86_400_000;
  private static final long MILLI = 1_000_000;
  private static final long GRACE_MILLIS = 10_000;

  public SamContract {
    if (intervalMillis > MOST_MILLIS || (intervalMillis < 0 && !strict)) {
      throw Refused.invalid(
          "time_interval_ms: " + intervalMillis + " is not between 0 (no limit) and 366 days");
    }
    if (killAfterMillis < 0 || killAfterMillis > MOST_MILLIS) {
      throw Refused.invalid("kill_after_ms: " + killAfterMillis + " is not between 0 and 366 days");
    }
    successExits = List.copyOf(new TreeSet<>(successExits));
    if (strict && (!successExits.isEmpty() || !restarts.equals(RestartPolicy.NONE))) {
      throw Refused.invalid(
          "compat: libsam has no restart limits and no success exits; leave one of them out");
    }
    for (int status : successExits) {
      if (status < 0 || status > 255) {
        throw Refused.invalid("success_exits: " + status + " is not between 0 and 255");
      }
    }
  }

  /** Within which a message is due; 0: no limit. */
  public long periodNanos() {
    return Math.max(0, intervalMillis) * MILLI;
  }

  /** From a warning to the kill. */
  public long graceNanos() {
    if (killAfterMillis > 0 && !strict) {
      return killAfterMillis * MILLI;
    }
    return periodNanos() > 0 ? periodNanos() : GRACE_MILLIS * MILLI;
  }

  SamContract with(Recovery other) {
    return new SamContract(
        intervalMillis,
        other,
        quorum,
        publish,
        strict,
        startNow,
        killAfterMillis,
        restarts,
        successExits);
  }
}

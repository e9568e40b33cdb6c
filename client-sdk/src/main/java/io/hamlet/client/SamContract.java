package io.hamlet.client;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How a program is to be supervised (sam.md 1.4, 4.3, 4.5). Immutable.
 *
 * @param interval within which a message is due; zero: no limit
 * @param killAfter between warning and kill; zero: the interval
 * @param restarts how often and how soon; null: 5 in 60 s, pauses from 100 ms to 10 s, and with
 *     {@link SamFlag#COMPAT_LIBSAM} without limit
 * @param successExits exit statuses that end supervision in good order
 * @param startNow each instance is started by whoever launches it
 */
public record SamContract(
    Duration interval,
    RecoveryPolicy recovery,
    Set<SamFlag> flags,
    Duration killAfter,
    RestartPolicy restarts,
    List<Integer> successExits,
    boolean startNow) {
  public SamContract {
    flags = Set.copyOf(flags);
    successExits = List.copyOf(successExits);
  }

  public static SamContract of(Duration interval, RecoveryPolicy recovery, SamFlag... flags) {
    return new SamContract(
        interval, recovery, Set.of(flags), Duration.ZERO, null, List.of(), false);
  }

  public SamContract killAfter(Duration grace) {
    return new SamContract(interval, recovery, flags, grace, restarts, successExits, startNow);
  }

  public SamContract restarts(RestartPolicy policy) {
    return new SamContract(interval, recovery, flags, killAfter, policy, successExits, startNow);
  }

  public SamContract successExits(List<Integer> statuses) {
    return new SamContract(interval, recovery, flags, killAfter, restarts, statuses, startNow);
  }

  public SamContract startNow(boolean now) {
    return new SamContract(interval, recovery, flags, killAfter, restarts, successExits, now);
  }
}

package io.hamlet.core.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * When what a fenced node ran may be started elsewhere, if nothing proves earlier that it has ended
 * (architecture.md 4). Each voter that has applied the fence says how long ago it last acknowledged
 * that node; the wait is over when for a majority lease, grace and margin have passed since.
 *
 * <p>It is safe because that majority and the one that acknowledged the node's last renewal share a
 * voter, which acknowledged before it applied the fence. Immutable.
 *
 * @param graceNanos what the node gives its processes between the end of its lease and the kill
 * @param set whose majority is needed
 * @param over by voter, when the wait is over as far as it goes; CLOCK_BOOTTIME of who waits
 */
public record FenceWait(
    LeaseTimes times, long graceNanos, VoterSet set, PSortedMap<String, Long> over) {
  public static FenceWait begin(LeaseTimes times, long graceNanos, VoterSet set) {
    return new FenceWait(times, graceNanos, set, TreePMap.empty());
  }

  /**
   * A voter has applied the fence.
   *
   * @param ageNanos {@link HearingState#ackAge} as it said
   * @param received CLOCK_BOOTTIME of who waits
   */
  public FenceWait said(String voter, long ageNanos, long received) {
    if (!set.has(voter)) {
      return this;
    }
    long rest = times.leaseNanos() + graceNanos + times.margin() - ageNanos;
    return new FenceWait(times, graceNanos, set, over.plus(voter, received + Math.max(0, rest)));
  }

  /** When it is over; Long.MAX_VALUE while too few voters have said so. */
  public long end() {
    List<Long> ends = new ArrayList<>();
    for (Map.Entry<String, Long> each : over.entrySet()) {
      ends.add(each.getValue());
    }
    ends.sort(null);
    return ends.size() < set.majority() ? Long.MAX_VALUE : ends.get(set.majority() - 1);
  }
}

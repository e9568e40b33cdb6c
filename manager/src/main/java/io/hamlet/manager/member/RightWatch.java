package io.hamlet.manager.member;

import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Tenant;
import java.time.Duration;

/**
 * Tells the node's own tree when its right to run entities of the cluster ends, which is the very
 * moment at which the lease does, and when it has it again. Cluster thread.
 */
final class RightWatch {
  private final OwnTree tree;
  private final Footing footing;
  private final Duration grace;
  private final long assumedUntil;
  private long said = -1;

  /**
   * @param grace between TERM and KILL when the right is lost, counted from the end of the lease
   * @param assumedUntil who took over goes on with the right of the manager before until then,
   *     CLOCK_BOOTTIME
   */
  RightWatch(OwnTree tree, Footing footing, Duration grace, long assumedUntil) {
    this.tree = tree;
    this.footing = footing;
    this.grace = grace;
    this.assumedUntil = assumedUntil;
  }

  /**
   * @param incarnation of this node; 0: it has none yet
   */
  long due(long now, long incarnation) {
    boolean settled = tree.isSettled();
    HamState own = tree.state();
    if (settled) {
      said = -1;
    }
    long known = said >= 0 ? said : own.right();
    long end = incarnation == 0 ? Long.MIN_VALUE : footing.end();
    if (known == incarnation && incarnation != 0) {
      end = Math.max(end, assumedUntil);
    }
    if (now >= end) {
      if (known != 0) {
        say(0, new HamEvent.RightLost("no majority of the voters answers", rest(now)));
      }
      return Long.MAX_VALUE;
    }
    boolean wanted = known != incarnation || settled && waits(own, incarnation);
    if (wanted && footing.end() > now && footing.refusal() == null) {
      say(incarnation, new HamEvent.RightGained(incarnation));
    }
    return end;
  }

  /**
   * What is left of the grace: others wait no longer than that, however late this is noticed. Of a
   * right that was only assumed nobody knows when it ended.
   */
  private Duration rest(long now) {
    long end = footing.end();
    boolean known = end > 0 && end >= assumedUntil && end <= now;
    return known ? Duration.ofNanos(Math.max(0, end + grace.toNanos() - now)) : Duration.ZERO;
  }

  private void say(long right, HamEvent event) {
    said = right;
    tree.tell(event);
  }

  private static boolean waits(HamState own, long incarnation) {
    return Tenant.of(own).stream()
        .anyMatch(t -> t.phase() == Tenant.Phase.WAITING && t.grant().incarnation() == incarnation);
  }
}

package io.hamlet.manager.lease;

import io.hamlet.core.lease.LeaseState;
import java.util.function.Consumer;

/**
 * Says why a node has lost its lease, and when it has it again: an entity that was stopped although
 * nothing was wrong with it is what people ask about. For one thread.
 */
final class Lapse {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Consumer<String> log;
  private boolean held;
  private boolean told;
  private long lapsed;
  private long lateNanos;
  private long lateAt;

  /**
   * @param log takes a line for people
   */
  Lapse(Consumer<String> log) {
    this.log = log;
  }

  /** Before a turn: one that comes late is a doubt, and the first of a row is told. */
  void turn(LeaseState lease, long now) {
    look(lease, now);
    long late = now - lease.due();
    if (late > lease.times().late() && lease.doubt() == LeaseState.NEVER) {
      lateNanos = late;
      lateAt = now;
    }
  }

  /** Before anything is made of what has come. */
  void look(LeaseState lease, long now) {
    boolean holds = lease.holds(now);
    if (held && !holds) {
      lapsed = now;
      told = true;
      log.accept(reason(lease, now));
    } else if (holds && told) {
      told = false;
      log.accept("this node has a lease again, after " + millis(now - lapsed) + " ms");
    }
    held = holds;
  }

  private String reason(LeaseState lease, long now) {
    if (lease.fenced()) {
      return "this node was fenced: what it ran for the cluster goes elsewhere";
    }
    StringBuilder text = new StringBuilder("this node lost its lease");
    if (lease.doubt() != LeaseState.NEVER) {
      text.append("; its clock was doubted ").append(millis(now - lease.doubt())).append(" ms ago");
      if (lateAt == lease.doubt()) {
        text.append(", for it stood still for ").append(millis(lateNanos)).append(" ms");
      }
    }
    return text.append("; ").append(lease.account(now)).toString();
  }

  private static long millis(long nanos) {
    return nanos / NANOS_PER_MILLI;
  }
}

package io.hamlet.agent.cluster;

import io.hamlet.agent.leash.Leash;
import io.hamlet.agent.leash.LeashRecord;
import io.hamlet.core.lease.LeaseState;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.manager.member.Footing;
import io.hamlet.manager.port.Right;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the right of this node rests on: its lease, and a leash that ends what would outlive it. The
 * leash is armed only while there is something to end, and always with the newest end of the lease.
 * Thread-safe.
 */
final class Tether implements Footing, Right {
  private final LeaseLine line;
  private final LeaseTimes times;
  private final long graceNanos;
  private final LongSupplier clock;
  private final Predicate<LeashRecord> committed;
  private volatile Supplier<String> held = () -> null;
  private volatile Leash leash;
  private volatile boolean needed;

  /**
   * @param graceNanos between the end of the lease and the kill
   * @param clock CLOCK_BOOTTIME
   * @param committed whether the voters know that generation
   */
  Tether(
      LeaseLine line,
      LeaseTimes times,
      long graceNanos,
      LongSupplier clock,
      Predicate<LeashRecord> committed) {
    this.line = line;
    this.times = times;
    this.graceNanos = graceNanos;
    this.clock = clock;
    this.committed = committed;
  }

  /** The leash of this node; before that nothing may be started. */
  void hold(Leash made) {
    leash = made;
    follow();
  }

  /** Nothing is started while there is a reason; null: none. */
  void waitFor(Supplier<String> reason) {
    held = reason;
  }

  @Override
  public long end() {
    LeaseState lease = line.lease();
    return lease == null ? Long.MIN_VALUE : lease.end();
  }

  @Override
  public synchronized void bind(boolean now) {
    if (now != needed) {
      needed = now;
      follow();
    }
  }

  /** A lease that is over moves nothing: what runs is ended by then, or by the leash. */
  synchronized void follow() {
    Leash known = leash;
    if (known == null) {
      return;
    }
    if (!needed) {
      known.cover(Leash.NOTHING);
      return;
    }
    LeaseState lease = line.lease();
    long now = clock.getAsLong();
    if (lease != null && lease.holds(now)) {
      known.cover(times.leash(lease.end(), graceNanos, now));
    }
  }

  @Override
  public String refusal() {
    String reason = held.get();
    if (reason != null) {
      return reason;
    }
    LeaseState lease = line.lease();
    if (lease == null || !lease.mayStart(clock.getAsLong())) {
      return "no majority of the voters answers this node";
    }
    Leash known = leash;
    if (known == null) {
      return "nothing would end it with the managers: cgroup v2 is not writable here";
    }
    Leash.Standing standing = known.standing();
    if (standing == null) {
      return known.trouble().isEmpty() ? "the leash is not ready yet" : known.trouble();
    }
    if (!committed.test(standing.record())) {
      return "the voters do not know the leash yet";
    }
    return standing.deadline() == Leash.NOTHING ? "the leash is not armed yet" : null;
  }
}

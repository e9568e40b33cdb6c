package io.hamlet.manager.member;

import io.hamlet.core.cluster.Leash;
import io.hamlet.core.lease.LeaseState;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.manager.port.Right;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the right of this node rests on: its lease, and a leash that ends what would outlive it. The
 * leash is armed only while there is something to end, and always with the newest end of the lease.
 * Thread-safe.
 */
public final class Tether implements Footing, Right {
  private final Supplier<LeaseState> lease;
  private final LeaseTimes times;
  private final long graceNanos;
  private final LongSupplier clock;
  private final Predicate<Leash> committed;
  private volatile Rope rope;
  private volatile Supplier<String> reason = () -> null;
  private volatile boolean needed;

  /**
   * @param lease of this node; null: there are no datagrams
   * @param graceNanos between the end of the lease and the kill
   * @param clock CLOCK_BOOTTIME
   * @param committed whether the voters know that generation
   */
  public Tether(
      Supplier<LeaseState> lease,
      LeaseTimes times,
      long graceNanos,
      LongSupplier clock,
      Predicate<Leash> committed) {
    this.lease = lease;
    this.times = times;
    this.graceNanos = graceNanos;
    this.clock = clock;
    this.committed = committed;
  }

  /** The leash of this node; before that nothing may be started. */
  public void hold(Rope made) {
    rope = made;
    follow();
  }

  /** Nothing is started while there is a reason; null: none. */
  public void waitFor(Supplier<String> why) {
    reason = why;
  }

  @Override
  public long end() {
    LeaseState held = lease.get();
    return held == null ? Long.MIN_VALUE : held.end();
  }

  @Override
  public synchronized void bind(boolean now) {
    if (now != needed) {
      needed = now;
      follow();
    }
  }

  /**
   * The lease has moved. A lease that is over moves nothing: what runs is ended by then, or by the
   * leash.
   */
  public synchronized void follow() {
    Rope known = rope;
    if (known == null) {
      return;
    }
    if (!needed) {
      known.cover(Rope.NOTHING);
      return;
    }
    LeaseState held = lease.get();
    long now = clock.getAsLong();
    if (held != null && held.holds(now)) {
      known.cover(times.leash(held.end(), graceNanos, now));
    }
  }

  @Override
  public String refusal() {
    LeaseState held = lease.get();
    if (held == null || !held.mayStart(clock.getAsLong())) {
      return "no majority of the voters answers this node";
    }
    Rope known = rope;
    if (known == null) {
      return "nothing would end it with the managers: cgroup v2 is not writable here";
    }
    Rope.Standing standing = known.standing();
    if (standing == null) {
      return known.trouble().isEmpty() ? "the leash is not ready yet" : known.trouble();
    }
    if (!committed.test(standing.leash())) {
      return "the voters do not know the leash yet";
    }
    // Last, for it may have to look at the disk, and most of the time there is nothing to start.
    return standing.deadline() == Rope.NOTHING ? "the leash is not armed yet" : reason.get();
  }
}

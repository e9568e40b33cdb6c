package io.hamlet.agent.cluster;

import io.hamlet.agent.leash.Leash;
import io.hamlet.agent.leash.LeashRecord;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.manager.member.Footing;
import io.hamlet.manager.member.Rope;
import io.hamlet.manager.member.Tether;
import io.hamlet.manager.port.Right;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What binds this node to what it may run for its cluster: its lease, its leash, and that nothing
 * is left of an earlier start. Thread-safe.
 */
public final class Bond implements AutoCloseable {
  private final String node;
  private final LeaseTimes times;
  private final long grace;
  private final LongSupplier clock;
  private final Supplier<Council> council;
  private final Sites sites;
  private final Tether tether;
  private volatile Leash leash;
  private volatile boolean emptied;
  private volatile String leftovers = "";

  /**
   * @param grace between the end of the lease and the kill, nanoseconds
   * @param clock CLOCK_BOOTTIME
   * @param council there from the reign on
   */
  Bond(
      String node,
      LeaseLine line,
      LeaseTimes times,
      long grace,
      LongSupplier clock,
      Supplier<Council> council,
      Sites sites) {
    this.node = node;
    this.times = times;
    this.grace = grace;
    this.clock = clock;
    this.council = council;
    this.sites = sites;
    this.tether = new Tether(line::lease, times, grace, clock, this::isCommitted);
  }

  /**
   * For so long this node may run entities of the cluster; 0: it may not. At most a lease, also for
   * a sole voter: there may be others.
   */
  long leftNanos() {
    long now = clock.getAsLong();
    long end = tether.end();
    return end <= now ? 0 : Math.min(end - now, times.leaseNanos());
  }

  Right right() {
    return tether;
  }

  Footing footing() {
    return tether;
  }

  /** No deadline of the leash is further away, in nanoseconds. */
  public long longest() {
    return times.leaseNanos() + times.rope(grace);
  }

  /** Before the reign. */
  public void hold(Function<Leash.Listener, Leash> maker) {
    leash = maker.apply(new Ropes());
    tether.hold(new Cord(leash));
  }

  /**
   * Nothing is started while there is a reason; before the reign.
   *
   * @param reason null: none
   */
  public void waitFor(Supplier<String> reason) {
    tether.waitFor(reason);
  }

  /** This node has that incarnation. */
  void begin(long incarnation) {
    if (leash != null) {
      tellVoters();
      leash.begin(incarnation);
    }
  }

  /** The lease has moved. */
  void follow() {
    tether.follow();
  }

  /** Whom the leash is to tell may be known better than before. */
  void tellVoters() {
    Leash known = leash;
    if (known != null) {
      known.voters(council.get().voters().stream().flatMap(v -> sites.of(v).stream()).toList());
    }
  }

  /**
   * @param why something of an earlier start could not be ended; null: nothing is left
   */
  void evicted(String why) {
    emptied = why == null;
    leftovers =
        why == null
            ? ""
            : "what this node ran for the cluster before it was started anew cannot be ended: "
                + why
                + "; it joins when that is gone";
  }

  boolean isEmptied() {
    return emptied;
  }

  /** What an operator should know, each with what to do. */
  List<String> notices() {
    return leftovers.isEmpty() ? List.of() : List.of(leftovers);
  }

  /** Nothing is left to end; without this the leash would take our end for a death. */
  @Override
  public void close() {
    if (leash != null) {
      leash.close();
    }
  }

  private boolean isCommitted(io.hamlet.core.cluster.Leash pledge) {
    Node self = council.get().state().nodes().get(node);
    return self != null && pledge.equals(self.leash());
  }

  private static io.hamlet.core.cluster.Leash pledge(LeashRecord record) {
    return new io.hamlet.core.cluster.Leash(
        record.incarnation(), record.generation(), record.hash());
  }

  /** The real leash. */
  private record Cord(Leash leash) implements Rope {
    @Override
    public void cover(long deadline) {
      leash.cover(deadline);
    }

    @Override
    public Standing standing() {
      Leash.Standing now = leash.standing();
      return now == null ? null : new Standing(pledge(now.record()), now.deadline());
    }

    @Override
    public String trouble() {
      return leash.trouble();
    }
  }

  /** Hears of the leash, on its thread. */
  private final class Ropes implements Leash.Listener {
    @Override
    public void made(LeashRecord record) {
      council.get().tenancy().leashed(pledge(record));
    }

    @Override
    public void turned() {
      council.get().wake();
    }
  }
}

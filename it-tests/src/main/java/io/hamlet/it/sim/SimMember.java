package io.hamlet.it.sim;

import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.member.Ledger;
import io.hamlet.manager.port.Hearing;
import io.hamlet.manager.port.Requests;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One node of a {@link ClusterWorld}: its host, its log, and its managers one after the other, each
 * put together of the production parts as in {@code agent.cluster}. One thread.
 */
final class SimMember {
  private static final long TAKEOVER = 100_000_000L;
  private static final long LAUNCH = 200_000_000L;
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  final String name;
  final SimLog log;
  final List<SimHost> hosts = new ArrayList<>();
  final SimCaller own;
  final SimCaller cluster;

  /** The acting HAM; null: none is there. */
  private SimManager manager;

  final ClusterWorld world;
  final Random chance;
  final CrashPoints crashes;
  SimClock clock;
  private Agenda agenda;
  Perils perils;
  private SimAir.Station guardian;
  private long zero;
  private long boots;
  long epoch;
  long start;
  long incarnation;
  long known;
  long pid = 10_000;
  private long next;
  private long stoppedAt = -1;
  private long stoppedUntil;
  private boolean clockStopped;

  /** Until then it may be wrong about its lease: its clock stood still. */
  private long astray = Long.MIN_VALUE;

  private SimLeash leash;

  /** Since when managers act here without a break. */
  private long wellSince;

  private long spent;
  private long leashes;

  /** Of this start, as its papers would have it. */
  private LeaseTimes times;

  SimMember(String name, ClusterWorld world, long seed) {
    this.name = name;
    this.world = world;
    this.chance = new Random(seed);
    this.crashes = new CrashPoints(this::strikes);
    this.log = new SimLog(name, this::onDisk);
    if (world.flaw() == Flaw.LYING_DISK) {
      log.lie();
    }
    this.own = new SimCaller(name.charAt(0), world.violations);
    this.cluster = new SimCaller(1_000 + name.charAt(0), world.violations);
    boot();
  }

  private boolean strikes(int place) {
    world.trace.add(name + " is " + crashes.name(place));
    return chance.nextInt(1_000_000) < world.crashesPerMillion();
  }

  /** The host begins, without a manager. */
  private void boot() {
    boots++;
    zero = (1 + chance.nextInt(100)) * SECOND - world.now();
    clock = new SimClock(zero + world.now(), hoursAhead() * 3_600 * SECOND);
    agenda = new Agenda();
    SimHost host = new SimHost(clock, agenda, chance);
    hosts.add(host);
    host.belong(new Counted(), world.flaw());
    leash = null;
    perils = new Perils(crashes, log, host);
    begin(world.now());
  }

  /** The time of day is wrong on every host, and otherwise after each boot: it is only shown. */
  private long hoursAhead() {
    return Math.floorMod(name.charAt(0) * 7 + boots * 5, 24) - 12;
  }

  /** The pair begins at that time. */
  private void begin(long at) {
    times = world.leases.next();
    start = chance.nextLong();
    incarnation = 0;
    next = at;
  }

  /** Of its lease. */
  LeaseTimes times() {
    return times;
  }

  boolean isActing(SimManager who) {
    return manager == who;
  }

  boolean isUp() {
    return manager != null;
  }

  /** Nothing runs here now, or all that could stands still. */
  boolean isSilent() {
    return manager == null || isStopped();
  }

  boolean isStopped() {
    return stoppedAt >= 0;
  }

  SimHost host() {
    return hosts.getLast();
  }

  long boots() {
    return boots;
  }

  long reigns() {
    return epoch;
  }

  HamState state() {
    return manager == null ? null : manager.loop.state();
  }

  Ledger ledger() {
    return manager == null ? null : manager.ledger;
  }

  Hearing hearing() {
    return manager == null ? null : manager.station.desk();
  }

  /** Where requests for the tree of the cluster are answered. */
  Requests desk() {
    return manager == null ? null : manager.desk;
  }

  /** Others vote from now on, as the ledger here says. */
  void voters(VoterSet set) {
    manager.station.desk().voters(set);
    guardian.desk().voters(set);
  }

  SimReplication replication() {
    return manager == null ? null : manager.replication;
  }

  /** True when that start of it may run what it was granted, as it sees it. */
  boolean holdsLease(long under) {
    return manager != null
        && incarnation == under
        && manager.station.desk().lease().holds(zero + world.now());
  }

  /** Its clock stood still, and it may not know that yet: what it believes proves nothing. */
  boolean lostTime() {
    return isStopped() && clockStopped || astray > world.now();
  }

  /** When it next has something to do. */
  long next() {
    if (isStopped() && clockStopped) {
      return stoppedUntil;
    }
    // The host goes on while its managers stand still.
    long planned = agenda.next() == Long.MAX_VALUE ? Long.MAX_VALUE : agenda.next() - zero;
    return Math.min(isStopped() ? stoppedUntil : next, planned);
  }

  /** As SIGSTOP does to both managers, or as a stopped virtual machine does to all. */
  void stop(long nanos, boolean withClock) {
    if (isStopped()) {
      return;
    }
    stoppedAt = world.now();
    stoppedUntil = stoppedAt + nanos;
    clockStopped = withClock;
    if (withClock) {
      world.owner.paused(name);
    }
    if (manager != null) {
      manager.station.stop(nanos, withClock);
    }
    if (guardian != null) {
      guardian.stop(nanos, withClock);
    }
  }

  private void resume() {
    if (clockStopped) {
      long lag = world.now() - stoppedAt;
      zero -= lag;
      astray = world.now() + 2 * times.leaseNanos();
      // A lease by a clock that stood still, and then the leash.
      world.owner.woke(name, world.now() + times.leaseNanos() + times.rope(0) + 50 * MILLI);
    }
    stoppedAt = -1;
    wellSince = world.now();
    next = Math.min(next, world.now());
    world.changed();
  }

  /** Both managers are killed; the launcher begins another pair after so long. */
  void killPair(long away) {
    endPair();
    if (leash != null) {
      leash.abandoned();
    }
    begin(world.now() + away);
    world.changed();
  }

  /** And with them what would have ended what they ran. */
  void killPairAndLeash(long away) {
    if (leash != null) {
      leash.kill();
      world.owner.leftBehind(name);
    }
    killPair(away);
  }

  /** Its deadline has passed, and nobody has moved it. */
  void endedByLeash() {
    long lease = times.leaseNanos() + times.margin();
    if (!isStopped() && manager != null && wellSince + lease < world.now()) {
      world.violations.add("the leash of " + name + " has ended healthy managers");
    }
    stoppedAt = -1;
    endPair();
    begin(world.now() + LAUNCH);
    world.changed();
  }

  private void endPair() {
    end();
    if (guardian != null) {
      guardian.kill();
      guardian = null;
    }
  }

  /** The host loses its power, and has it again after so long. */
  void powerCut(long away) {
    endPair();
    log.powerCut();
    host().powerCut();
    world.owner.booted(name);
    stoppedAt = -1;
    boot();
    next = world.now() + away;
    world.changed();
  }

  /** The acting HAM is gone; what comes then is up to who calls. */
  private void end() {
    if (manager != null) {
      SimManager gone = manager;
      manager = null;
      gone.kill();
      own.disconnected();
      cluster.disconnected();
    }
  }

  void onDisk(Runnable work) {
    SimManager mine = manager;
    world.later(
        1 + chance.nextInt(5_000_000),
        () -> {
          guarded(work);
          if (mine == manager) {
            ring();
          }
        });
  }

  /** The leash that there is. */
  SimLeash leash() {
    return leash;
  }

  /** There is one of that incarnation. */
  void leash(long of) {
    if (leash == null || !leash.isOf(of)) {
      if (leash != null) {
        leash.kill();
      }
      leash = new SimLeash(this, of, ++leashes);
    }
  }

  /** On this host, whoever acts then; never if its power is cut before. */
  void onHost(long nanos, Runnable what) {
    agenda.plan(clock.nanos() + nanos, what);
  }

  /** By the manager that acts now, unless it is gone then; not while it stands still. */
  void asManager(long nanos, Runnable what) {
    SimManager mine = manager;
    onHost(
        nanos,
        () -> {
          if (mine != manager) {
            return;
          }
          if (isStopped()) {
            asManager(Math.max(1, stoppedUntil - world.now()), what);
          } else {
            what.run();
            ring();
          }
        });
  }

  /** There is something to do; nobody who is not there is started for that (seed 977779). */
  void ring() {
    next = isUp() ? Math.min(next, world.now()) : next;
  }

  /** Does all there is to do now. */
  void run() {
    if (isStopped() && world.now() >= stoppedUntil) {
      resume();
    }
    if (isStopped() && clockStopped) {
      return;
    }
    tick();
    agenda.runDue(clock.nanos());
    if (isStopped() || (manager == null && world.now() < next)) {
      return;
    }
    guarded(this::turn);
  }

  /** What happens to a manager can be its end. */
  void guarded(Runnable what) {
    try {
      what.run();
    } catch (Crashed crashed) {
      end();
      next = world.now() + TAKEOVER;
      world.changed();
    }
  }

  private void turn() {
    if (manager == null) {
      epoch++;
      wellSince = world.now();
      pid++;
      SimAir.Station station = guardian != null ? guardian : station();
      manager = new SimManager(this, station);
      guardian = station();
      speak();
      manager.begin();
      world.changed();
    }
    SimManager m = manager;
    long due = Long.MAX_VALUE;
    boolean busy = true;
    for (int rounds = 0; busy; rounds++) {
      if (rounds > 10_000) {
        throw new IllegalStateException(name + " never comes to rest");
      }
      due = m.parts.runOnce();
      busy = due <= clock.nanos();
      busy |= own.go(m.loop, clock.nanos());
      busy |= cluster.go(m.desk, clock.nanos());
      busy |= m.loop.runOnce();
    }
    long wanted = Math.min(Math.min(due, clock.wanted()), Math.min(own.next(), cluster.next()));
    next = wanted == Long.MAX_VALUE ? wanted : Math.max(world.now(), wanted - zero);
  }

  private SimAir.Station station() {
    SimAir.Station made = world.air.start(name, world.key, times, zero, new Ears(), notice -> {});
    made.desk().voters(new VoterSet(1, world.names));
    return made;
  }

  /** Both managers say who they are, as soon as they know it. */
  private void speak() {
    if (incarnation > 0) {
      manager.station.desk().reign(incarnation, epoch);
      manager.speaks(incarnation);
      guardian.desk().guard(incarnation);
    }
  }

  /** The cluster has said under which incarnation. */
  void joined(long as) {
    if (incarnation != as) {
      incarnation = as;
      known = as;
      speak();
    }
  }

  /** The clocks of the host show what they show now. */
  void tick() {
    clock.advanceTo(zero + world.now());
  }

  /** What the clock of its host shows, also to threads that are not its. */
  long bootNanos() {
    return zero + world.now();
  }

  String bootName() {
    return "boot-" + name + "-" + boots;
  }

  /** The start that it joined with has no right any more, and never will. */
  void anew() {
    if (spent != incarnation) {
      spent = incarnation;
      start = chance.nextLong();
    }
  }

  /** Tells of what really runs. */
  private final class Counted implements SimHost.Tenants {
    @Override
    public long began(String program, long token) {
      return world.owner.began(program, name, token, world.now(), world.violations);
    }

    @Override
    public void ended(long run) {
      world.owner.ended(run);
    }
  }

  /** What the desk of either manager hears, whoever acts then. */
  private final class Ears implements Hearing.Listener {
    @Override
    public void silent(String node, long under) {
      if (manager != null) {
        world.suspected();
        manager.judge.silent(node, under);
      }
    }

    @Override
    public void heardAgain(String node, long under) {
      if (manager != null) {
        manager.judge.heardAgain(node, under);
      }
    }
  }
}

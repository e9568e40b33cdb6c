package io.hamlet.it.sim;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterStep;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Name;
import io.hamlet.manager.lease.LeaseKey;
import io.hamlet.manager.port.Ack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A cluster in one thread: nodes of production loops, parts and machines over stand-ins for bus,
 * datagrams, consensus, host and disk. The same seed is the same run. Faults for a while, then
 * peace, then one node is away for some seconds. One thread.
 */
public final class ClusterWorld {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final long LOOK = 50 * MILLI;
  private static final int SETTING_UP = 5;
  private static final int ROUGH = 40;

  /** In so many seconds of peace all must be well again. */
  private static final int PEACE = 20;

  /**
   * After so many of them nothing is left for which anybody could be lost. An operator may have
   * turned a node off last of all.
   */
  private static final Map<Shape, Integer> CALMING = Map.of(Shape.PLAIN, 10, Shape.WIDE, 16);

  private static final int AWAY = 5;

  /** When all is well, what belongs to the cluster runs again so soon. */
  private static final long RECOVERY = 12 * SECOND;

  final List<String> names;
  final List<String> violations = new ArrayList<>();
  final SimWires wires;
  final SimAir air;
  final SimElectorate electorate;
  final LeaseKey key = LeaseKey.of(new byte[0], "sim");
  final Path files;
  final SimTrace trace;
  final SimLeases leases;
  final Owners owner;
  private final Shape shape;
  private final Flaw flaw;
  final List<SimMember> members = new ArrayList<>();
  private final Agenda agenda = new Agenda();
  private final SimClock clock = new SimClock();
  private final Random chance;
  private final ClusterJudge judge;

  /** Null: there is none. */
  final Operator operator;

  private int crashesPerMillion;
  private boolean peace = true;
  private int raised;
  private int created;

  /**
   * @param files a directory for the replicas' files, empty at first
   */
  public ClusterWorld(long seed, Path files) {
    this(seed, files, Shape.WIDE, Flaw.NONE, null);
  }

  /**
   * With a mistake in it.
   *
   * @param lines gets all that happens; may be null
   */
  ClusterWorld(long seed, Path files, Shape shape, Flaw flaw, Appendable lines) {
    this.shape = shape;
    this.flaw = flaw;
    this.owner = new Owners(shape, RECOVERY);
    this.trace = new SimTrace(clock::nanos, lines);
    this.chance = new Random(seed);
    this.leases = new SimLeases(seed);
    this.files = files;
    this.names = List.of("a", "b", "c", "d", "e").subList(0, chance.nextInt(3) == 0 ? 5 : 3);
    this.wires = new SimWires(agenda, clock, chance, node -> member(node).isStopped());
    this.air = new SimAir(chance.nextLong(), agenda, clock, trace);
    boolean bundles = shape == Shape.WIDE;
    this.electorate = new SimElectorate(chance.nextLong(), names, bundles, agenda, clock);
    this.judge = new ClusterJudge(this);
    names.forEach(name -> members.add(new SimMember(name, this, chance.nextLong())));
    this.operator = shape == Shape.WIDE ? new Operator(this, chance.nextLong()) : null;
  }

  SimMember member(String name) {
    return members.get(names.indexOf(name));
  }

  Flaw flaw() {
    return flaw;
  }

  Shape shape() {
    return shape;
  }

  boolean isPeaceful() {
    return peace;
  }

  long now() {
    return clock.nanos();
  }

  int crashesPerMillion() {
    return crashesPerMillion;
  }

  void later(long nanos, Runnable what) {
    agenda.plan(clock.nanos() + nanos, what);
  }

  void applied(String node, ClusterEntry entry, ClusterStep step) {
    judge.applied(node, entry, step);
  }

  /** Somebody hears somebody no more. */
  void suspected() {
    judge.sample();
  }

  /** Somebody came, went, or stands still: the consensus counts who can be counted. */
  void changed() {
    electorate.heal();
    Set<String> counted = largest();
    for (String name : names) {
      if (!counted.contains(name)) {
        electorate.cutOff(name);
      }
    }
    wires.missed();
  }

  /** The set of nodes that reach each other with the most voters. */
  private Set<String> largest() {
    Set<String> best = new TreeSet<>();
    for (String first : names) {
      Set<String> all = new TreeSet<>();
      for (String other : names) {
        if (!member(other).isStopped() && all.stream().allMatch(o -> meet(o, other))) {
          if (meet(first, other)) {
            all.add(other);
          }
        }
      }
      if (electorate.count(all) > electorate.count(best)) {
        best = all;
      }
    }
    return best;
  }

  private boolean meet(String a, String b) {
    return !wires.isCut(a, b) && !wires.isCut(b, a);
  }

  /** Lives through it all; returns what was wrong. */
  public List<String> run() {
    for (SimMember m : members) {
      String other = names.get((names.indexOf(m.name) + 1) % names.size());
      ClusterWork.of(m.name, other).forEach(c -> m.own.want(c, Ack.REPLICA));
    }
    ClusterWork.ofCluster(shape, names)
        .forEach(c -> members.getFirst().cluster.want(c, Ack.MAJORITY));
    look();
    pass(SETTING_UP * SECOND);
    peace = false;
    misfortunes();
    pass(ROUGH * SECOND);
    quiet();
    // Who is off by the word of an operator may be half of those who vote (seed 959763).
    pass(operator == null ? 0 : operator.offFor());
    int calming = CALMING.get(shape);
    pass(calming * SECOND);
    int before = judge.losses();
    pass((PEACE - calming) * SECOND);
    judge.lostNobody(before);
    judge.peace();
    if (violations.isEmpty()) {
      absence();
    }
    judge.end();
    members.forEach(m -> trace.add(m.name + " was told " + m.own.told + m.cluster.told));
    return List.copyOf(violations);
  }

  /** One node without power, all else in order: it is lost once, and comes back. */
  private void absence() {
    SimMember away = members.get(chance.nextInt(members.size()));
    int before = judge.losses();
    owner.hindered(now());
    long span = Math.max(AWAY * SECOND, 2 * away.times().leaseNanos());
    away.powerCut(span);
    pass(span - SECOND);
    judge.lost(away.name, before);
    owner.running(now(), violations);
    pass(PEACE * SECOND);
    judge.peace();
  }

  private void quiet() {
    peace = true;
    owner.hindered(now());
    crashesPerMillion = 0;
    wires.heal();
    wires.weather(0, MILLI);
    air.heal();
    air.weather(0, 0, MILLI);
    electorate.calm();
    changed();
    if (operator != null) {
      operator.tidy();
    }
  }

  /** Checks that go on all the time. */
  private void look() {
    judge.look();
    owner.check(now(), violations);
    if (peace && (operator == null || operator.isDone())) {
      owner.recovers(now(), violations);
    } else {
      owner.hindered(now());
    }
    later(LOOK, this::look);
  }

  private void pass(long nanos) {
    long until = clock.nanos() + nanos;
    while (clock.nanos() < until && violations.size() < 20) {
      agenda.runDue(clock.nanos());
      for (SimMember m : members) {
        if (m.next() <= clock.nanos()) {
          m.run();
        }
      }
      long next = agenda.next();
      for (SimMember m : members) {
        next = Math.min(next, m.next());
      }
      clock.advanceTo(Math.min(until, Math.max(clock.nanos(), next)));
    }
  }

  private void misfortunes() {
    if (peace) {
      return;
    }
    misfortune();
    later((100 + chance.nextInt(1_500)) * MILLI, this::misfortunes);
  }

  private void misfortune() {
    SimMember one = members.get(chance.nextInt(members.size()));
    long span = (50 + chance.nextInt(4_000)) * MILLI;
    if (operator != null && operator.isOff(one)) {
      return;
    }
    // What comes last is not in a plain world.
    switch (chance.nextInt(shape == Shape.PLAIN ? 23 : 32)) {
      case 0 -> split();
      case 1 -> cut(one.name, members.get(chance.nextInt(members.size())).name);
      case 2 -> members.forEach(m -> cut(one.name, m.name));
      case 3 -> members.forEach(m -> cut(m.name, one.name));
      case 4 -> pause(one, span, false);
      case 5 -> pause(one, span, true);
      case 6 -> one.killPair(span / 4);
      case 7 -> one.powerCut(span);
      case 8 -> crashesPerMillion = chance.nextInt(4) == 0 ? 2_000 : chance.nextInt(200);
      case 9 -> {
        wires.weather(chance.nextInt(20), chance.nextInt(50) * MILLI);
        air.weather(chance.nextInt(20), chance.nextInt(10), chance.nextInt(200) * MILLI);
      }
      case 10, 11, 12 -> {
        wires.heal();
        air.heal();
        changed();
      }
      case 13, 14 ->
          one.host()
              .living(ClusterWork.program(ClusterWork.FLAKY))
              .forEach(p -> one.host().kill(p, Exit.signaled(9, false)));
      case 20 -> one.killPairAndLeash(span / 4);
      case 21, 22 -> {
        for (Name name : ClusterWork.owned(shape)) {
          String program = ClusterWork.program(name);
          one.host().living(program).forEach(p -> one.host().kill(p, Exit.signaled(9, false)));
        }
      }
      case 23 -> operator.confirm(one);
      case 24, 25, 26, 27, 28, 29, 30, 31 -> operator.step();
      case 15, 16 -> {
        one.cluster.want(ClusterWork.ofCluster("c" + created++), Ack.MAJORITY);
        one.ring();
      }
      default -> {
        raised++;
        one.own.want(ClusterWork.raise(), chance.nextBoolean() ? Ack.LOCAL : Ack.REPLICA);
        one.ring();
      }
    }
  }

  private void pause(SimMember m, long span, boolean withClock) {
    m.stop(span, withClock);
    changed();
  }

  private void split() {
    int sides = chance.nextInt(1 << names.size());
    for (int i = 0; i < names.size(); i++) {
      for (int j = 0; j < names.size(); j++) {
        if ((sides >> i & 1) != (sides >> j & 1)) {
          cut(names.get(i), names.get(j));
        }
      }
    }
  }

  private void cut(String from, String to) {
    if (!from.equals(to)) {
      wires.cut(from, to);
      air.cut(from, to);
      changed();
    }
  }

  /** For people. */
  public String summary() {
    return members.size()
        + " nodes, "
        + members.stream().mapToLong(SimMember::reigns).sum()
        + " reigns, "
        + members.stream().mapToLong(SimMember::boots).sum()
        + " boots, "
        + members.stream().mapToInt(m -> m.log.read().size()).sum()
        + " entries, "
        + judge.summary()
        + ", "
        + raised
        + " raises, "
        + owner.starts()
        + " starts of one"
        + (operator == null ? "" : ", " + operator.steps() + " steps of an operator");
  }
}

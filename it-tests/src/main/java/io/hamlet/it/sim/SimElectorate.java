package io.hamlet.it.sim;

import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Consensus.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Consensus in the simulator: one order that is right, told to the voters with the worst manners
 * that the port allows. Answers come late or are lost though the command is committed, a command
 * without an answer is committed later or never, leaders change for no reason, each voter is behind
 * by another time, and a voter that starts again is told once more what came after its snapshot.
 *
 * <p>How Raft comes to its order is not played; that is tested live. One thread.
 */
public final class SimElectorate {
  static final long MILLI = 1_000_000;
  private static final int SNAPSHOT_EVERY = 20;

  /** Bits of a place that say which command of an entry it is. */
  private static final int PLACE_BITS = 6;

  /** One entry of the order, with the commands that are in it. */
  record Line(long term, List<byte[]> commands) {
    Line plus(byte[] command) {
      List<byte[]> more = new ArrayList<>(commands);
      more.add(command);
      return new Line(term, more);
    }
  }

  final Random chance;
  final Agenda agenda;
  final SimClock clock;
  final NavigableMap<Long, Line> order = new TreeMap<>();
  private final Map<Long, Long> times = new TreeMap<>();
  final Map<String, SimConsensus> running = new TreeMap<>();
  private final Map<String, Disk> disks = new TreeMap<>();
  private final Set<String> cutOff = new TreeSet<>();
  private final boolean bundles;
  private List<Consensus.Voter> voters;
  private boolean isCalm;
  private long index;

  /** The newest entry that any machine was ever told. */
  private long applied;

  private long term;
  private String leader;

  /** What a voter has when it starts again. */
  static final class Disk {
    byte[] snapshot;
    long snapshotIndex;
    long since;
  }

  /** With time of its own, which {@link #step} lets pass. */
  public SimElectorate(long seed, List<String> names) {
    this(seed, names, new Agenda(), new SimClock());
  }

  SimElectorate(long seed, List<String> names, Agenda agenda, SimClock clock) {
    this(seed, names, true, agenda, clock);
  }

  /**
   * @param bundles an entry may have several commands, and its place is as in production
   */
  SimElectorate(long seed, List<String> names, boolean bundles, Agenda agenda, SimClock clock) {
    this.bundles = bundles;
    this.chance = new Random(seed);
    this.agenda = agenda;
    this.clock = clock;
    this.voters = names.stream().map(n -> new Consensus.Voter(n, "sim:1")).toList();
  }

  /** Starts a voter with what is on its disk. */
  public Consensus start(String name, Machine machine) {
    Disk disk = disks.computeIfAbsent(name, n -> new Disk());
    SimConsensus made = new SimConsensus(this, name, machine, disk);
    if (running.put(name, made) != null) {
      throw new IllegalStateException(name + " runs already");
    }
    made.begin();
    later(300, this::elect);
    return made;
  }

  /** It is killed, and its disk stays. */
  public void stop(String name) {
    SimConsensus gone = running.remove(name);
    gone.kill();
    if (name.equals(leader)) {
      depose();
    }
  }

  /** Nobody hears it, and it hears nobody, until {@link #heal}. */
  public void cutOff(String name) {
    cutOff.add(name);
    if (name.equals(leader)) {
      depose();
    }
  }

  public void heal() {
    cutOff.clear();
    later(300, this::elect);
    // Whoever led or followed when it was cut off hears who leads now.
    running.values().forEach(v -> later(100, () -> v.hear(leader, term)));
  }

  /** From now on nothing goes wrong that nobody asked for. */
  public void calm() {
    isCalm = true;
  }

  /** Lets the next thing happen; false when nothing is left. */
  public boolean step() {
    if (agenda.next() == Long.MAX_VALUE) {
      return false;
    }
    clock.advanceTo(agenda.next());
    agenda.runDue(clock.nanos());
    return true;
  }

  /** After 1 to that many milliseconds. */
  void later(int mostMillis, Runnable what) {
    agenda.plan(clock.nanos() + MILLI + Math.floorMod(chance.nextLong(), mostMillis * MILLI), what);
  }

  boolean happens(int percent) {
    return !isCalm && chance.nextInt(100) < percent;
  }

  String leader() {
    return leader;
  }

  long term() {
    return term;
  }

  List<Consensus.Voter> voters() {
    return voters;
  }

  /** Who votes, by name. */
  Set<String> names() {
    Set<String> names = new TreeSet<>();
    voters.forEach(voter -> names.add(voter.node()));
    return names;
  }

  /** How many of those vote. */
  int count(Set<String> those) {
    return (int) voters.stream().filter(voter -> those.contains(voter.node())).count();
  }

  boolean isCutOff(String name) {
    return cutOff.contains(name);
  }

  boolean isSnapshotDue(Disk disk) {
    return disk.since >= SNAPSHOT_EVERY;
  }

  /** Who may be counted: running, a voter, and not cut off. */
  private List<String> healthy() {
    List<String> names = new ArrayList<>();
    for (Consensus.Voter voter : voters) {
      if (running.containsKey(voter.node()) && !cutOff.contains(voter.node())) {
        names.add(voter.node());
      }
    }
    return names;
  }

  boolean hasMajority() {
    return healthy().size() > voters.size() / 2;
  }

  /** Puts a command into the order; the voters hear of it by and by. Returns its place. */
  long commit(byte[] command) {
    long place = put(command);
    times.put(place, clock.nanos());
    return place;
  }

  private long put(byte[] command) {
    Line last = isOpen() && chance.nextBoolean() ? order.get(index) : null;
    if (last != null) {
      order.put(index, last.plus(command));
      return place(index, last.commands().size());
    }
    // Consensus has entries of its own between the commands.
    index += 1 + (happens(20) ? 1 : 0);
    order.put(index, new Line(term, List.of(command)));
    running.values().forEach(SimConsensus::wake);
    if (happens(2)) {
      later(50, this::depose);
    }
    return place(index, 0);
  }

  /** When that command was committed; any voter may learn of it much later. */
  long committed(long place) {
    return times.get(place);
  }

  /** The newest entry can take more: nobody has seen it, so it was that long from the start. */
  private boolean isOpen() {
    Line last = bundles ? order.get(index) : null;
    return last != null
        && last.term() == term
        && last.commands().size() < 1 << PLACE_BITS
        && applied < index;
  }

  void applied(long entry) {
    applied = Math.max(applied, entry);
  }

  /** Of a command in the order of all. */
  long place(long entry, int command) {
    return bundles ? entry << PLACE_BITS | command : entry;
  }

  /** Of all that is in an entry and before it. */
  long end(long entry) {
    return bundles ? place(entry, (1 << PLACE_BITS) - 1) : entry;
  }

  /** Others vote. That is an entry of the consensus itself; whoever led without a vote goes. */
  long install(List<Consensus.Voter> next) {
    voters = List.copyOf(next);
    index++;
    if (leader != null && !names().contains(leader)) {
      later(50, this::depose);
    }
    later(300, this::elect);
    return place(index, 0);
  }

  private void depose() {
    leader = null;
    long over = term;
    running.values().forEach(v -> later(100, () -> v.hear(null, over)));
    later(400, this::elect);
  }

  private void elect() {
    List<String> able = healthy();
    if (leader != null || !hasMajority()) {
      return;
    }
    leader = able.get(chance.nextInt(able.size()));
    term++;
    index++;
    for (SimConsensus voter : List.copyOf(running.values())) {
      voter.elected(leader, term, index);
    }
  }
}

package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.FenceRule;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.lease.Forgotten;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.Assents;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.port.Fencing;
import io.hamlet.manager.port.Hearing;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.port.Replicas;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.runtime.ClusterLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Some voters on one thread: one order of commands, a bus and the ears, all as the test says. */
final class Voting {
  static final LeaseTimes TIMES = LeaseTimes.DEFAULT;
  private static final long STEP = 5_000_000L;

  final TreeMap<String, Station> voters = new TreeMap<>();

  /** Who reaches nobody and is reached by nobody. */
  final Set<String> cut = new TreeSet<>();

  /** Pairs {@code LISTENER<NODE}: that one does not hear that node's datagrams. */
  final Set<String> deaf = new TreeSet<>();

  /** Pairs {@code LISTENER<NODE}: that one was told that the node seems to be gone. */
  final Set<String> hints = new TreeSet<>();

  /** Pairs {@code A|B}: A does not reach B. */
  private final Set<String> walls = new TreeSet<>();

  /** Replicas that a voter keeps, by {@code VOTER/NODE}. */
  final TreeMap<String, HamState> kept = new TreeMap<>();

  final List<byte[]> log = new ArrayList<>();
  final List<Long> terms = new ArrayList<>();
  private final List<Runnable> onTheWay = new ArrayList<>();
  String leader;
  private long term;
  long now = 1_000_000_000_000L;

  /** Nodes that do not vote; they are in {@link #voters} too. */
  private final Set<String> followers = new TreeSet<>();

  /** Of every voter that is added. */
  static final String LIFE = "00000000000000aa";

  /** Whom the consensus counts. */
  List<Consensus.Voter> elected;

  /** What becomes of the next changes of who votes; {@code true}: it is made all the same. */
  final List<Boolean> vain = new ArrayList<>();

  /** What turns nodes off here. */
  private final Fencing power;

  private final FenceRule rule;

  Voting(String... names) {
    this(FenceRule.NONE, Fencing.NONE, names);
  }

  /** All nodes join with that rule. */
  Voting(FenceRule rule, Fencing power, String... names) {
    this.rule = rule;
    this.power = power;
    elected = Stream.of(names).map(n -> new Consensus.Voter(n, n + ":1")).toList();
    for (String name : names) {
      voters.put(name, new Station(name, names));
    }
    elect(names[0]);
    run(Duration.ofSeconds(1));
  }

  /** Another node, which does not vote. */
  Station follow(String name) {
    List<String> first = voters.keySet().stream().filter(v -> !followers.contains(v)).toList();
    followers.add(name);
    Station station = new Station(name, first.toArray(String[]::new));
    voters.put(name, station);
    for (Station v : voters.values()) {
      v.loop.viewChanged(v.view());
    }
    return station;
  }

  /** A voter that has only what is committed. */
  void restart(String name) {
    String[] first = voters.keySet().stream().filter(this::votes).toArray(String[]::new);
    Station station = new Station(name, first);
    voters.put(name, station);
    station.loop.viewChanged(station.view());
    station.tellLeader();
  }

  private boolean votes(String name) {
    return !followers.contains(name);
  }

  Station voter(String name) {
    return voters.get(name);
  }

  /** Somebody leads, or nobody. */
  void elect(String name) {
    leader = name;
    term++;
    if (name == null) {
      return;
    }
    for (Station v : voters.values()) {
      if (votes(v.name) && reaches(v.name, name)) {
        v.tellLeader();
      }
    }
  }

  void cutOff(String... names) {
    cut.addAll(List.of(names));
    for (Station v : voters.values()) {
      v.loop.viewChanged(v.view());
    }
  }

  /** Nobody of one side reaches anybody of the other. */
  void split(List<String> one, List<String> other) {
    for (String a : one) {
      for (String b : other) {
        walls.add(a + "|" + b);
        walls.add(b + "|" + a);
      }
    }
    for (Station v : voters.values()) {
      v.loop.viewChanged(v.view());
    }
  }

  void heal() {
    cut.clear();
    deaf.clear();
    walls.clear();
    for (Station v : voters.values()) {
      if (votes(v.name)) {
        v.tellLeader();
      }
      v.loop.viewChanged(v.view());
    }
  }

  void run(Duration time) {
    for (long end = now + time.toNanos(); now < end; now += STEP) {
      List<Runnable> arrived = List.copyOf(onTheWay);
      onTheWay.clear();
      arrived.forEach(Runnable::run);
      voters.values().forEach(this::renew);
      for (Station v : voters.values()) {
        if (!v.dead) {
          v.loop.runOnce();
        }
      }
    }
  }

  /** Every node renews all the time, and is acknowledged by whoever it reaches. */
  private void renew(Station node) {
    long yes =
        voters.values().stream()
            .filter(v -> votes(v.name) && reaches(node.name, v.name) && !v.dead)
            .filter(v -> !deaf.contains(v.name + "<" + node.name))
            .filter(v -> v.assents.acknowledges(node.name, node.incarnation(), now))
            .count();
    if (yes > voters.keySet().stream().filter(this::votes).count() / 2 && !node.dead) {
      node.leaseEnd = now + node.lease.leaseNanos();
    }
  }

  boolean reaches(String a, String b) {
    return a.equals(b)
        || !(cut.contains(a)
            || cut.contains(b)
            || walls.contains(a + "|" + b)
            || dead(a)
            || dead(b));
  }

  private boolean dead(String name) {
    Station v = voters.get(name);
    return v != null && v.dead;
  }

  private boolean hasMajority() {
    List<String> voting = voters.keySet().stream().filter(this::votes).toList();
    long there = voting.stream().filter(v -> reaches(v, leader)).count();
    return !dead(leader) && there > voting.size() / 2;
  }

  /** One node with all its parts. */
  final class Station implements Consensus, ClusterBus, Ticker {
    final String name;
    final Ledger ledger = new Ledger(this);
    final ClusterLoop loop = new ClusterLoop(this, () -> {});
    final List<String> lines = new ArrayList<>();
    final List<Effect.Ask> asks = new ArrayList<>();
    final TreeDesk desk;
    final Admission admission;
    final Roll roll;
    final LossJudge judge;
    final Mourner mourner;
    final Pledges assents = new Pledges();
    boolean dead;

    /** Drawn by its managers. */
    long start = 77;

    String boot = "boot";
    long grace;
    FenceRule fencing = rule;

    /** Those it was told. */
    final List<Long> incarnations = new ArrayList<>();

    /** Of this node; those of the others may be others. */
    LeaseTimes lease = TIMES;

    /** Whom it listens for, and how long each may be silent. */
    SortedMap<String, LeaseTimes> watched = new TreeMap<>();

    /** Until when it may run what it was granted. */
    long leaseEnd;

    /** Begins to vote when it is invited. */
    boolean ready;

    int invitations;
    private int applied;

    Station(String name, String... all) {
      this.name = name;
      Runnable wake = () -> {};
      loop.add(
          new TreeSide(
              new TreeFeed(ledger, this, wake),
              new TreeFollower(List.of(all), ledger, this),
              () -> votes(name)),
          Subject.CLUSTER_TREE);
      Proposals proposals = (command, timeout) -> toLeader(command, timeout);
      List<ClusterEvent.Voter> first =
          List.of(all).stream().map(v -> new ClusterEvent.Voter(v, v + ":1")).toList();
      Leading.Self self = new Leading.Self(name, 10, "id-of-" + name, () -> first);
      loop.add(
          new Leading(
              self,
              ledger,
              proposals,
              new Leading.Outside(courier(), new NoPaths(), l -> lines.add(l.message())),
              wake));
      judge =
          new LossJudge(
              name, ledger, proposals, new LossJudge.Senses(ears(), replicas(), this, TIMES), wake);
      loop.add(judge, Subject.INQUIRY);
      loop.add(
          new Fencer(
              new Fencer.Self(name, TIMES),
              ledger,
              proposals,
              new Fencer.Senses(ears(), assents, this),
              this,
              wake),
          Subject.FENCE);
      mourner = new Mourner(ledger, proposals, ears(), wake);
      loop.add(mourner);
      loop.add(new Bailiff(ledger, proposals, ears(), power, wake));
      admission = new Admission(this::applicant, ledger, proposals, wake);
      admission.onJoined(incarnations::add);
      loop.add(admission);
      roll = new Roll("test", ledger, this);
      loop.add(roll);
      Electorate electorate =
          new Electorate(() -> votes(name) ? this : null, ledger, proposals, this, seat(), wake);
      loop.add(electorate, Subject.SEAT);
      desk = new TreeDesk(ledger, electorate, proposals, this, 4711 + name.hashCode(), wake);
      loop.add(desk);
    }

    private Electorate.Seat seat() {
      return new Electorate.Seat() {
        @Override
        public void invited() {
          invitations++;
        }

        @Override
        public Voter taken() {
          return ready ? new Voter(name, name + ":1", LIFE) : null;
        }
      };
    }

    /** It goes by this one, whatever became of its name meanwhile. */
    long incarnation() {
      return incarnations.isEmpty() ? 0 : incarnations.getLast();
    }

    private Admission.Applicant applicant() {
      return new Admission.Applicant(
          name,
          boot,
          "state-" + name,
          start,
          name + ":2",
          0,
          Node.Duty.NO_LIMIT,
          new Terms(lease.leaseNanos(), grace, fencing));
    }

    CompletableFuture<Long> toLeader(byte[] command, Duration timeout) {
      if (leader == null || !reaches(name, leader)) {
        return CompletableFuture.failedFuture(new NotLeader(null));
      }
      Station there = voter(leader);
      return new Stamped(there, there.ledger).propose(command, timeout);
    }

    @Override
    public CompletableFuture<Long> propose(byte[] command, Duration timeout) {
      CompletableFuture<Long> result = new CompletableFuture<>();
      onTheWay.add(() -> commit(command, result));
      return result;
    }

    private void commit(byte[] command, CompletableFuture<Long> result) {
      boolean goes = hasMajority() && command.length <= Consensus.MOST_BYTES;
      if (!name.equals(leader) || !goes) {
        result.completeExceptionally(new Unknown("no majority"));
        return;
      }
      log.add(command);
      terms.add(term);
      long index = 3L * log.size();
      voters.values().stream()
          .filter(v -> votes(v.name) && reaches(v.name, leader))
          .forEach(Station::catchUp);
      result.complete(index);
    }

    void catchUp() {
      while (!dead && applied < log.size()) {
        applied++;
        ledger.committed(3L * applied, terms.get(applied - 1), log.get(applied - 1));
      }
    }

    void tellLeader() {
      catchUp();
      ledger.leaderChanged(leader, term, name.equals(leader));
    }

    private Courier courier() {
      return new Courier() {
        @Override
        public void ask(Effect.Ask effect) {
          asks.add(effect);
        }

        @Override
        public void report(Effect.Report effect) {
          throw new IllegalStateException("not of a cluster");
        }
      };
    }

    private Replicas replicas() {
      return node -> {
        HamState state = kept.get(name + "/" + node);
        return state == null ? null : new KeptTree(state);
      };
    }

    private Hearing ears() {
      return new Ears(Voting.this, this);
    }

    @Override
    public boolean send(Member to, Subject subject, byte[] message) {
      if (!reaches(name, to.node())) {
        return false;
      }
      Member me = new Member(name, Member.Role.HAM, 10, 1, name + ":2");
      onTheWay.add(() -> voter(to.node()).loop.received(me, subject, message));
      return true;
    }

    @Override
    public List<Member> view() {
      return voters.keySet().stream()
          .filter(v -> reaches(name, v))
          .map(v -> new Member(v, Member.Role.HAM, 10, 1, v + ":2"))
          .toList();
    }

    @Override
    public Moment now() {
      return new Moment(now, now);
    }

    @Override
    public void await(long untilBootNanos) {}

    @Override
    public void ring() {}

    @Override
    public String leader() {
      return leader;
    }

    @Override
    public List<Voter> members() {
      return elected;
    }

    @Override
    public CompletableFuture<Long> change(List<Voter> set, Duration timeout) {
      if (!name.equals(leader) || !hasMajority()) {
        return CompletableFuture.failedFuture(new NotLeader(null));
      }
      boolean fails = !vain.isEmpty();
      if (!fails || vain.removeFirst()) {
        elected = List.copyOf(set);
      }
      return fails
          ? CompletableFuture.failedFuture(new Unknown("no progress"))
          : CompletableFuture.completedFuture(1L);
    }

    @Override
    public void close() {}
  }

  /** What a voter has acknowledged. */
  final class Pledges implements Assents {
    private final TreeMap<String, Long> acked = new TreeMap<>();
    private final TreeMap<String, Long> fenced = new TreeMap<>();
    private Forgotten known = Forgotten.NOBODY;
    private final long began = now;

    boolean acknowledges(String node, long incarnation, long at) {
      boolean gone = !known.members().contains(node) && incarnation <= known.upTo();
      boolean yes = incarnation > fenced.getOrDefault(node, 0L) && !gone;
      if (yes) {
        acked.put(node, at);
      }
      return yes;
    }

    @Override
    public void fence(String node, long incarnation) {
      fenced.merge(node, incarnation, Math::max);
    }

    @Override
    public void forget(Forgotten forgotten) {
      known = forgotten;
    }

    @Override
    public Last last(String node, long incarnation) {
      List<String> all = voters.keySet().stream().filter(Voting.this::votes).toList();
      boolean yes = fenced.getOrDefault(node, 0L) >= incarnation;
      return yes ? new Last(new VoterSet(1, all), now - acked.getOrDefault(node, began)) : null;
    }
  }

  static HamState empty(String node) {
    return HamState.empty(node, Limits.DEFAULT);
  }
}

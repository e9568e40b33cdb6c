package io.hamlet.it.sim;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.ClusterStep;
import io.hamlet.core.cluster.Leash;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.consensus.Proposer;
import io.hamlet.manager.errand.Errands;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.member.Abreast;
import io.hamlet.manager.member.Admission;
import io.hamlet.manager.member.AtHome;
import io.hamlet.manager.member.Electorate;
import io.hamlet.manager.member.Fencer;
import io.hamlet.manager.member.Leading;
import io.hamlet.manager.member.Ledger;
import io.hamlet.manager.member.LossJudge;
import io.hamlet.manager.member.Mourner;
import io.hamlet.manager.member.Roll;
import io.hamlet.manager.member.Stamped;
import io.hamlet.manager.member.Tenancy;
import io.hamlet.manager.member.Tether;
import io.hamlet.manager.member.TreeDesk;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Notifier;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.replica.Copies;
import io.hamlet.manager.runtime.BeatWatch;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.runtime.EffectRouter;
import io.hamlet.manager.runtime.EventHistory;
import io.hamlet.manager.runtime.HamLoop;
import io.hamlet.manager.runtime.Mailbox;
import io.hamlet.manager.runtime.Replay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One reign over a {@link SimMember}: the production loops and parts, put together as in {@code
 * agent.cluster}. One thread.
 */
final class SimManager implements ClusterBus.Listener {
  final SimAir.Station station;
  final ClusterLoop parts;
  final Ledger ledger;
  final HamLoop loop;
  final TreeDesk desk;
  final LossJudge judge;
  final SimReplication replication;
  private final SimMember node;
  private final ClusterWorld world;
  private final Member self;
  private final ClusterBus bus;
  private final Proposer proposer;
  private final Mailbox mailbox;
  private final Errands errands;
  private final AtHome home;
  private final Admission admission;
  private final Electorate electorate;
  private final Consensus consensus;
  private final Tether tether;
  private final Tenancy tenancy;
  private final SimRope rope;
  private final Mourner mourner;
  private boolean emptied;

  SimManager(SimMember node, SimAir.Station station) {
    this.node = node;
    this.world = node.world;
    this.station = station;
    node.log.begin(new ReignId(node.bootName(), 1, node.epoch));
    self = new Member(node.name, Member.Role.HAM, node.pid, node.incarnation, "");
    parts = new ClusterLoop(node.clock, node::ring);
    ledger = new Ledger(node.clock);
    ledger.listen(new Witness());
    bus = new Dangerous(world.wires.join(self, this));
    proposer =
        new Proposer(node.name, bus, node.clock, parts::post, this::consensus, () -> world.names);
    mailbox = new Mailbox(node.clock);
    node.host().serve(mailbox);
    errands =
        new Errands(
            new Errands.Own(node.name, node.bootName(), mailbox, node.host()::identify),
            bus,
            node.clock,
            node::ring);
    Inbox answers = Leading.inbox(proposer::propose);
    Courier others = errands.ofCluster(answers, () -> ledger.lead().own());
    home = new AtHome(node.name, node.bootName(), others, mailbox, answers);
    Copies copies = new Copies(node.name, node.perils, () -> world.names);
    loop = loop(copies);
    replication = replication(copies);
    judge = judge();
    admission = admission();
    electorate =
        new Electorate(this::consensus, ledger, proposer::propose, bus, new OwnSeat(), node::ring);
    tether =
        new Tether(
            Flawed.lease(world.flaw(), station.desk()),
            node.times(),
            0,
            node::bootNanos,
            this::isCommitted);
    tenancy = tenancy();
    rope = new SimRope(node, tenancy::leashed, node::ring);
    tether.hold(rope);
    station.desk().onMove(this::moved);
    node.host().right(tether);
    mourner = new Mourner(ledger, proposer::propose, station.desk(), node::ring);
    station.desk().obituaries(mourner);
    long client = 77_000_000L + node.pid;
    desk = new TreeDesk(ledger, electorate, proposer::propose, node.clock, client, node::ring);
    addParts();
    consensus = new Stamped(world.electorate.start(node.name, new Waking()), ledger);
  }

  private Consensus consensus() {
    return consensus;
  }

  private HamLoop loop(Copies copies) {
    EventHistory history = new EventHistory();
    HamState state = Replay.of(HamState.empty(node.name, Limits.DEFAULT), node.log.read(), history);
    SimHost host = node.host();
    return new HamLoop(
        state,
        new EntryId(1, node.epoch, state.last().index() + 1),
        mailbox,
        node.perils,
        node.clock,
        new BeatWatch(new ArrayBeatTable(16, p -> host.process(p) != null), node.clock),
        history,
        new EffectRouter.Outside(
            Flawed.host(world.flaw(), node.perils),
            node.perils,
            node.perils,
            node.perils,
            home.around(errands.ofNode()),
            () -> world.violations.add(node.name + " was ended")),
        false,
        copies);
  }

  private SimReplication replication(Copies copies) {
    return new SimReplication(
        new SimReplication.Place(node.name, world.files.resolve(node.name), node::onDisk),
        bus,
        node.log,
        copies,
        () -> world.names,
        loop.state(),
        loop,
        node.clock,
        node.chance);
  }

  private LossJudge judge() {
    return new LossJudge(
        node.name,
        ledger,
        proposer::proposeAsLeader,
        new LossJudge.Senses(
            Flawed.hearing(world.flaw(), station.desk()), replication, bus, node.times()),
        node::ring);
  }

  private Fencer fencer() {
    return new Fencer(
        new Fencer.Self(node.name, node.times()),
        ledger,
        proposer::propose,
        new Fencer.Senses(station.desk(), Flawed.assents(world.flaw(), station.desk()), bus),
        node.clock,
        node::ring);
  }

  private Admission admission() {
    Admission made = new Admission(this::applicant, ledger, proposer::propose, node::ring);
    made.onJoined(node::joined);
    return made;
  }

  private Admission.Applicant applicant() {
    if (node.incarnation > 0 && tenancy.isSpent() && world.flaw() != Flaw.NEVER_AGAIN) {
      node.anew();
    }
    boolean clear = node.incarnation > 0 || emptied && tenancy.isClear();
    return clear
        ? new Admission.Applicant(
            node.name,
            node.bootName(),
            "state-" + node.name,
            node.start,
            "",
            node.known,
            Node.Duty.NO_LIMIT,
            Terms.ofLease(node.times().leaseNanos()))
        : null;
  }

  private Tenancy tenancy() {
    long until = node.bootNanos() + node.times().suspicion();
    Inbox told = Flawed.grants(world.flaw(), mailbox);
    Tenancy.Home here = new Tenancy.Home(loop, told, node.incarnation, until, Duration.ZERO);
    return new Tenancy(node.name, ledger, proposer::propose, here, tether, node::ring);
  }

  private void moved() {
    tether.follow();
    node.ring();
  }

  private boolean isCommitted(Leash pledge) {
    Node self = ledger.state().nodes().get(node.name);
    return self != null && pledge.equals(self.leash());
  }

  /** It has that incarnation. */
  void speaks(long incarnation) {
    tenancy.joined(incarnation);
    rope.begin(incarnation);
  }

  private Leading leading() {
    Leading.Self leader =
        new Leading.Self(
            node.name,
            node.pid,
            "cluster-of-" + node.name,
            () -> world.names.stream().map(v -> new ClusterEvent.Voter(v, "sim:1")).toList());
    return new Leading(
        leader,
        ledger,
        proposer::propose,
        new Leading.Outside(home, new NoPaths(), node.host()),
        node::ring);
  }

  private void addParts() {
    parts.add(new Roll("sim", ledger, bus));
    parts.addDirect(errands, Subject.ERRAND);
    parts.add(proposer, Subject.PROPOSAL);
    parts.add(leading());
    parts.add(judge, Subject.INQUIRY);
    parts.add(fencer(), Subject.FENCE);
    parts.add(mourner);
    parts.add(tenancy);
    parts.add(admission);
    parts.add(electorate, Subject.SEAT);
    parts.add(desk);
    parts.addDirect(replication, Subject.REPLICA);
    parts.add(new Knowing());
  }

  /** All are ready to vote from the start, and again whenever they are asked. */
  private final class OwnSeat implements Electorate.Seat {
    @Override
    public void invited() {
      // It has never left.
    }

    @Override
    public Consensus.Voter taken() {
      return new Consensus.Voter(node.name, "sim:1");
    }
  }

  void begin() {
    parts.viewChanged(List.of(self));
    boolean failure = node.epoch > 1;
    loop.begin(
        new HamEvent.TookOver(node.name, node.bootName(), node.pid, node.pid + 50_000, failure));
    if (node.incarnation == 0) {
      // What an earlier pair has left ends first.
      node.asManager(5_000_000, this::evict);
    }
  }

  private void evict() {
    node.host().endMustStop();
    emptied = true;
  }

  void kill() {
    world.wires.leave(self);
    station.kill();
    replication.kill();
    consensus.close();
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    if (node.isActing(this)) {
      world.trace.add(node.name + " gets from " + from.node() + " " + subject, message);
      node.tick();
      node.guarded(
          () -> {
            node.crashes.pass("receipt");
            parts.received(from, subject, message);
          });
      node.ring();
    }
  }

  @Override
  public void viewChanged(List<Member> members) {
    world.trace.add(node.name + " sees " + members);
    parts.viewChanged(members);
    node.ring();
  }

  /** Tells the world what it applies. */
  private final class Witness implements Ledger.Listener {
    @Override
    public void applied(long after, ClusterEntry entry, ClusterStep step) {
      world.applied(node.name, entry, step);
    }
  }

  /** The consensus tells the ledger, and whoever waits for it. */
  private final class Waking implements Consensus.Machine {
    @Override
    public void committed(long index, long term, byte[] command) {
      world.trace.add(node.name + " has committed " + index + " of " + term, command);
      node.tick();
      if (world.flaw() == Flaw.SKIPPED_ENTRY && node.name.equals("b") && index % 17 == 0) {
        return;
      }
      ledger.committed(index, term, command);
      node.ring();
    }

    @Override
    public byte[] snapshot() {
      return ledger.snapshot();
    }

    @Override
    public void restore(long index, byte[] snapshot) {
      ledger.restore(index, snapshot);
    }

    @Override
    public void leaderChanged(String leader, long term, boolean own) {
      world.trace.add(node.name + " follows " + leader + " in " + term);
      ledger.leaderChanged(leader, term, own);
      node.ring();
    }

    @Override
    public void failed(String why) {
      world.violations.add(node.name + " left the consensus: " + why);
    }
  }

  /** What it tells its desk of what is committed; as {@code agent.cluster} does. */
  private final class Knowing implements ClusterLoop.Part {
    private final Map<String, Leash> leashes = new TreeMap<>();
    private final Abreast abreast = new Abreast(ledger, proposer::propose, node::ring);
    private long readyFor = -1;
    private long votersSince;

    @Override
    public long due(long now) {
      ClusterState state = ledger.state();
      if (world.shape() == Shape.WIDE && state.votersSince() != votersSince) {
        votersSince = state.votersSince();
        node.voters(new VoterSet(votersSince, List.copyOf(state.voters().keySet())));
      }
      for (Node known : ledger.state().nodes().values()) {
        Leash pledge = known.leash();
        if (pledge != null && !pledge.equals(leashes.put(known.name(), pledge))) {
          station
              .desk()
              .leashed(known.name(), pledge.incarnation(), pledge.generation(), pledge.hash());
        }
      }
      long next = abreast.due(now);
      if (readyFor != node.incarnation && node.incarnation > 0 && abreast.isReached()) {
        readyFor = node.incarnation;
        station.desk().ready();
      }
      return next;
    }
  }

  /** A bus that is a place of danger. */
  private final class Dangerous implements ClusterBus {
    private final ClusterBus inner;

    Dangerous(ClusterBus inner) {
      this.inner = inner;
    }

    @Override
    public boolean send(Member to, Subject subject, byte[] message) {
      node.crashes.pass("before a message");
      world.trace.add(node.name + " says to " + to.node() + " " + subject, message);
      boolean lost = world.flaw() == Flaw.LOST_PROPOSALS && subject == Subject.PROPOSAL;
      boolean went = lost || inner.send(to, subject, message);
      node.crashes.pass("after a message");
      return went;
    }

    @Override
    public List<Member> view() {
      return inner.view();
    }
  }

  private static final class NoPaths implements Notifier {
    @Override
    public void awaitPath(Effect.AwaitPath effect) {
      throw new IllegalStateException("nobody wants that here");
    }

    @Override
    public void forget(Effect.Forget effect) {
      // Nothing is awaited.
    }

    @Override
    public void signal(Effect.Signal effect) {
      throw new IllegalStateException("a cluster signals by errands");
    }
  }
}

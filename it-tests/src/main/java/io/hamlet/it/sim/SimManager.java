package io.hamlet.it.sim;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterStep;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.consensus.Proposer;
import io.hamlet.manager.errand.Errands;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.member.Admission;
import io.hamlet.manager.member.AtHome;
import io.hamlet.manager.member.Electorate;
import io.hamlet.manager.member.Fencer;
import io.hamlet.manager.member.Leading;
import io.hamlet.manager.member.Ledger;
import io.hamlet.manager.member.LossJudge;
import io.hamlet.manager.member.Roll;
import io.hamlet.manager.member.Stamped;
import io.hamlet.manager.member.TreeDesk;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Consensus;
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
import java.util.List;

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
    home = new AtHome(node.name, errands.ofCluster(answers), mailbox, answers);
    Copies copies = new Copies(node.name, node.perils, () -> world.names);
    loop = loop(copies);
    replication = replication(copies);
    judge = judge();
    admission = admission();
    electorate =
        new Electorate(this::consensus, ledger, proposer::propose, bus, new NoSeat(), node::ring);
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
            node.perils,
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
        proposer::propose,
        new LossJudge.Senses(station.desk(), replication, bus),
        node::ring);
  }

  private Fencer fencer() {
    return new Fencer(
        new Fencer.Self(node.name, LeaseTimes.DEFAULT, 0),
        ledger,
        proposer::propose,
        new Fencer.Senses(station.desk(), station.desk(), bus),
        node.clock,
        node::ring);
  }

  private Admission admission() {
    return new Admission(
        () ->
            new Admission.Applicant(
                node.name, node.bootName(), "state-" + node.name, node.start, "", node.known),
        ledger,
        proposer::propose,
        node::ring);
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
    parts.add(admission);
    parts.add(electorate, Subject.SEAT);
    parts.add(desk);
    parts.addDirect(replication, Subject.REPLICA);
    parts.add(new Speaking());
  }

  /** All vote from the start. */
  private static final class NoSeat implements Electorate.Seat {
    @Override
    public void invited() {
      throw new IllegalStateException("nobody is added here");
    }

    @Override
    public Consensus.Voter taken() {
      return null;
    }
  }

  void begin() {
    parts.viewChanged(List.of(self));
    boolean failure = node.epoch > 1;
    loop.begin(
        new HamEvent.TookOver(node.name, node.bootName(), node.pid, node.pid + 50_000, failure));
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
    parts.viewChanged(members);
    node.ring();
  }

  /** Tells the world what it applies. */
  private final class Witness implements Ledger.Listener {
    @Override
    public void applied(ClusterEntry entry, ClusterStep step) {
      world.applied(node.name, entry, step);
    }
  }

  /** The consensus tells the ledger, and whoever waits for it. */
  private final class Waking implements Consensus.Machine {
    @Override
    public void committed(long index, long term, byte[] command) {
      node.tick();
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
      ledger.leaderChanged(leader, term, own);
      node.ring();
    }

    @Override
    public void failed(String why) {
      world.violations.add(node.name + " left the consensus: " + why);
    }
  }

  /** Begins to speak when the cluster has said under which incarnation. */
  private final class Speaking implements ClusterLoop.Part {
    @Override
    public long due(long now) {
      if (admission.joined().isDone()) {
        node.joined(admission.joined().join());
      }
      return Long.MAX_VALUE;
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
      boolean went = inner.send(to, subject, message);
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

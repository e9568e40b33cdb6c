package io.hamlet.it.sim;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Happening;
import io.hamlet.core.recovery.Invariants;
import io.hamlet.manager.errand.Errands;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.port.AckLevels;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.runtime.BeatWatch;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.runtime.EffectRouter;
import io.hamlet.manager.runtime.EventHistory;
import io.hamlet.manager.runtime.HamLoop;
import io.hamlet.manager.runtime.Mailbox;
import io.hamlet.manager.runtime.Replay;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One node of several, with managers one after the other, and a client. One thread. */
final class SimNode {
  private static final long TAKEOVER = 100_000_000L;

  final String name;
  final SimHost host;
  final List<String> violations = new ArrayList<>();
  private final SimClock clock;
  private final long zero;
  private final Agenda agenda = new Agenda();
  private final SimLog journal;
  private final CrashPoints crashes;
  private final Perils perils;
  private final SimBus bus;
  private final SimClient client = new SimClient(1, List.of(), violations);
  private HamLoop loop;
  private ClusterLoop cluster;
  private Member member;
  private long epoch;
  private long next;

  /**
   * @param zero what its clock shows when the run begins
   */
  SimNode(String name, long zero, CrashPoints crashes, SimBus bus) {
    this.name = name;
    this.zero = zero;
    this.clock = new SimClock(zero);
    this.host = new SimHost(clock, agenda, new Random(zero));
    this.crashes = crashes;
    this.journal = new SimLog(name, Runnable::run);
    this.perils = new Perils(crashes, journal, host);
    this.bus = bus;
  }

  void want(Command command) {
    client.want(command);
  }

  boolean isSatisfied() {
    return client.isSatisfied();
  }

  HamState state() {
    return loop.state();
  }

  List<Happening> happenings() {
    EventHistory history = new EventHistory();
    Replay.of(HamState.empty(name, Limits.DEFAULT), journal.read(), history);
    return history.read(null, EventHistory.DEFAULT_KEPT).happenings();
  }

  /** All that was ever logged, oldest first. */
  List<Entry> log() {
    return journal.read();
  }

  /** A moment of its clock in time since the run began. */
  long sinceStart(Moment at) {
    return at.bootNanos() - zero;
  }

  /** When it next has something to do, in time since the run began. */
  long next() {
    return Math.min(next, agenda.next() == Long.MAX_VALUE ? next : agenda.next() - zero);
  }

  /** Does all there is to do at that time since the run began. */
  void run(long time) {
    clock.advanceTo(zero + time);
    agenda.runDue(clock.nanos());
    if (loop == null && time < next) {
      return;
    }
    guarded(() -> turn(time));
  }

  /** The manager is killed now; its successor begins when a takeover takes. */
  void takeOver() {
    guarded(
        () -> {
          throw new Crashed("as asked");
        });
  }

  /** What happens to a manager can be its end. */
  private void guarded(Runnable what) {
    try {
      what.run();
    } catch (Crashed crashed) {
      loop = null;
      cluster = null;
      client.disconnected();
      next = clock.nanos() - zero + TAKEOVER;
      bus.leave(member);
    }
  }

  private void turn(long time) {
    if (loop == null) {
      succeed();
    }
    boolean busy = true;
    long due = Long.MAX_VALUE;
    for (int rounds = 0; busy; rounds++) {
      if (rounds > 10_000) {
        throw new IllegalStateException("the manager never comes to rest");
      }
      due = cluster.runOnce();
      busy = client.go(loop);
      busy |= loop.runOnce();
      busy |= due <= clock.nanos();
    }
    violations.addAll(Invariants.faults(loop.state()));
    long wanted = Math.min(due, clock.wanted());
    next = wanted == Long.MAX_VALUE ? wanted : Math.max(time, wanted - zero);
  }

  private void succeed() {
    EventHistory history = new EventHistory();
    HamState state = Replay.of(HamState.empty(name, Limits.DEFAULT), journal.read(), history);
    epoch++;
    journal.begin(new ReignId("boot-" + name, 1, epoch));
    Mailbox mailbox = new Mailbox(clock);
    host.serve(mailbox);
    BeatWatch beats = new BeatWatch(new ArrayBeatTable(16, p -> host.process(p) != null), clock);
    ClusterLoop parts = new ClusterLoop(clock, () -> {});
    member = new Member(name, Member.Role.HAM, 10_000 + epoch, 1, "");
    ClusterBus mine = new Dangerous(bus.join(member, new Ears(parts)));
    Errands errands =
        new Errands(
            new Errands.Own(name, "boot-" + name, mailbox, host::identify),
            mine,
            clock,
            () -> parts.post(() -> {}));
    parts.addDirect(errands, Subject.ERRAND);
    parts.viewChanged(mine.view());
    HamLoop fresh =
        new HamLoop(
            state,
            new EntryId(1, epoch, state.last().index() + 1),
            mailbox,
            perils,
            clock,
            beats,
            history,
            new EffectRouter.Outside(
                perils,
                perils,
                perils,
                perils,
                errands.ofNode(),
                () -> violations.add("the node was ended")),
            false,
            AckLevels.alone(perils));
    cluster = parts;
    loop = fresh;
    fresh.begin(
        new HamEvent.TookOver(name, "boot-" + name, 10_000 + epoch, 20_000 + epoch, epoch > 1));
  }

  /** Who is killed at receiving is killed. */
  private final class Ears implements SimBus.Listener {
    private final ClusterLoop parts;

    Ears(ClusterLoop parts) {
      this.parts = parts;
    }

    @Override
    public void received(Member from, Subject subject, byte[] message) {
      guarded(
          () -> {
            crashes.pass("before receipt of " + subject);
            parts.received(from, subject, message);
          });
      next = Math.min(next, clock.nanos() - zero);
    }

    @Override
    public void viewChanged(List<Member> members) {
      parts.viewChanged(members);
      next = Math.min(next, clock.nanos() - zero);
    }
  }

  /** A bus that is a place of danger. */
  private record Sent(Subject subject, String to) {}

  private final class Dangerous implements ClusterBus {
    private final ClusterBus inner;

    Dangerous(ClusterBus inner) {
      this.inner = inner;
    }

    @Override
    public boolean send(Member to, Subject subject, byte[] message) {
      crashes.pass("before sending " + new Sent(subject, to.node()));
      boolean went = inner.send(to, subject, message);
      crashes.pass("after sending " + new Sent(subject, to.node()));
      return went;
    }

    @Override
    public List<Member> view() {
      return inner.view();
    }
  }
}

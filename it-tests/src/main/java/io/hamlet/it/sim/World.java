package io.hamlet.it.sim;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Happening;
import io.hamlet.core.recovery.Invariants;
import io.hamlet.core.recovery.Reply;
import io.hamlet.it.check.CountsAgree;
import io.hamlet.it.check.Doubts;
import io.hamlet.it.check.NothingForgotten;
import io.hamlet.it.check.Observed;
import io.hamlet.it.check.Recovered;
import io.hamlet.it.check.Repeats;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.port.AckLevels;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.runtime.BeatWatch;
import io.hamlet.manager.runtime.EffectRouter;
import io.hamlet.manager.runtime.EventHistory;
import io.hamlet.manager.runtime.HamLoop;
import io.hamlet.manager.runtime.Mailbox;
import io.hamlet.manager.runtime.Replay;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * One node in one thread: production {@link HamLoop}s, one after the other, over a stand-in host
 * that outlives them. The same seed is the same run. One thread.
 */
public final class World {
  private static final long SECOND = 1_000_000_000L;
  private static final long TAKEOVER = 100_000_000L;

  /** Virtual time in which everything must be well again after the faults. */
  private static final int CALM_SECONDS = 60;

  private final List<String> violations = new ArrayList<>();
  private final List<Name> entities = new ArrayList<>();
  private final List<SimClient> clients = new ArrayList<>();
  private final SimClock clock = new SimClock();
  private final Agenda agenda = new Agenda();
  private final Random random;
  private final SimLog journal = new SimLog("sim", Runnable::run);
  private final SimHost host;
  private final Perils perils;
  private FaultPlan plan;
  private HamLoop loop;
  private long epoch;

  /**
   * @param crashes where managers die; see also {@link #rough}
   */
  public World(long seed, FaultPlan plan, CrashPoints crashes) {
    this.random = new Random(seed);
    this.plan = plan;
    this.host = new SimHost(clock, agenda, random);
    this.perils = new Perils(crashes, journal, host);
  }

  /** A world with random faults everywhere. */
  public static World rough(long seed, FaultPlan plan) {
    Random fate = new Random(~seed);
    World[] world = new World[1];
    CrashPoints crashes =
        new CrashPoints(n -> fate.nextInt(1_000_000) < world[0].plan.crashesPerMillion());
    world[0] = new World(seed, plan, crashes);
    for (int i = 0; i < 2 + fate.nextInt(5); i++) {
      world[0].entity("e" + i);
    }
    return world[0];
  }

  /** A client attaches that entity and gives it its recovery. */
  public void entity(String name) {
    Name entity = new Name(name);
    entities.add(entity);
    clients.add(new SimClient(clients.size() + 1, Workload.entity(entity), violations));
  }

  /** Kills the process of that entity at that second, if it lives then. */
  public void killAt(int second, String entity, Exit exit) {
    agenda.plan(
        second * SECOND,
        () ->
            host.living(Workload.program(new Name(entity)))
                .forEach(process -> host.kill(process, exit)));
  }

  /** Faults as planned, then calm; returns what was wrong. */
  public List<String> run() {
    host.faults(plan);
    for (int second = 2; second < plan.seconds(); second++) {
      agenda.plan(second * SECOND + random.nextInt(1_000) * 1_000_000L, this::misfortune);
    }
    runUntil(plan.seconds() * SECOND);
    plan = FaultPlan.NONE;
    host.faults(plan);
    runUntil(clock.nanos() + CALM_SECONDS * SECOND);
    judge();
    return List.copyOf(violations);
  }

  public HamState state() {
    return loop.state();
  }

  /** All that was ever logged, oldest first. */
  public List<Entry> log() {
    return journal.read();
  }

  /** How many signals were sent, each counted once. */
  public int signals() {
    return host.signals().size();
  }

  /** How often that program has begun to run. */
  public int starts(String program) {
    return host.starts(program);
  }

  /** Managers that have ruled, entries logged, processes started: for people. */
  public String summary() {
    return epoch
        + " managers, "
        + journal.durableIndex()
        + " entries, "
        + entities.stream().mapToInt(e -> host.starts(Workload.program(e))).sum()
        + " starts of "
        + entities.size()
        + " entities";
  }

  private void misfortune() {
    for (Name entity : entities) {
      // The last entity is left in peace, to see that nobody restarts it.
      boolean spared = entity.equals(entities.getLast());
      if (!spared && random.nextInt(60) < plan.killsPerMinute()) {
        Exit exit = random.nextBoolean() ? Exit.signaled(9, false) : Exit.signaled(11, true);
        host.living(Workload.program(entity)).forEach(p -> host.kill(p, exit));
      }
    }
  }

  private void runUntil(long until) {
    while (clock.nanos() < until) {
      try {
        turn();
      } catch (Crashed crashed) {
        loop = null;
        clients.forEach(SimClient::disconnected);
        clock.advanceTo(clock.nanos() + TAKEOVER);
      }
      long next = loop == null ? clock.nanos() : clock.wanted();
      clock.advanceTo(Math.min(until, Math.min(next, agenda.next())));
      agenda.runDue(clock.nanos());
    }
  }

  /** The manager of now does all there is to do at this time. */
  private void turn() {
    if (loop == null) {
      succeed();
    }
    boolean busy = true;
    for (int rounds = 0; busy; rounds++) {
      if (rounds > 10_000) {
        throw new IllegalStateException("the manager never comes to rest");
      }
      busy = false;
      for (SimClient client : clients) {
        busy |= client.go(loop);
      }
      busy |= loop.runOnce();
    }
    List<String> faults = Invariants.faults(loop.state());
    if (!faults.isEmpty()) {
      violations.addAll(faults);
    }
  }

  private void succeed() {
    EventHistory history = new EventHistory();
    HamState state = Replay.of(HamState.empty("sim", Limits.DEFAULT), journal.read(), history);
    if (journal.reached() != null && !journal.reached().equals(state)) {
      violations.add("a replay leads elsewhere than its writer came to");
    }
    epoch++;
    journal.begin(new ReignId("boot-1", 1, epoch));
    Mailbox mailbox = new Mailbox(clock);
    host.serve(mailbox);
    BeatWatch beats = new BeatWatch(new ArrayBeatTable(16, p -> host.process(p) != null), clock);
    HamLoop next =
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
                Courier.alone(mailbox),
                () -> violations.add("the node was ended")),
            false,
            AckLevels.alone(perils));
    next.begin(new HamEvent.TookOver("sim", "boot-1", 10_000 + epoch, 20_000 + epoch, epoch > 1));
    loop = next;
  }

  private void judge() {
    violations.addAll(host.violations);
    if (loop == null) {
      violations.add("no manager rules in the end");
      return;
    }
    List<Observed> seen = new ArrayList<>();
    for (Name entity : entities) {
      String program = Workload.program(entity);
      seen.add(
          new Observed(
              entity, host.starts(program), host.living(program).stream().map(p -> p.id).toList()));
    }
    Map<RequestId, Reply> told = new HashMap<>();
    for (SimClient client : clients) {
      told.putAll(client.told);
      if (!client.isSatisfied()) {
        violations.add("a client still waits");
      }
    }
    violations.addAll(Recovered.faults(loop.state(), seen));
    violations.addAll(CountsAgree.faults(loop.state(), seen));
    violations.addAll(NothingForgotten.faults(journal.read(), told));
    List<Happening> happenings = happenings();
    violations.addAll(Repeats.faults(host.signals(), happenings));
    violations.addAll(Doubts.faults(journal.read(), host.commands(), happenings));
  }

  /** What was told, as words like {@code repeat signal 10}. */
  public List<String> told() {
    return happenings().stream().map(h -> h.event() + " " + h.reason()).toList();
  }

  private List<Happening> happenings() {
    EventHistory history = new EventHistory();
    Replay.of(HamState.empty("sim", Limits.DEFAULT), journal.read(), history);
    return history.read(null, EventHistory.DEFAULT_KEPT).happenings();
  }
}

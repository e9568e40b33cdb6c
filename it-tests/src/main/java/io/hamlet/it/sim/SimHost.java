package io.hamlet.it.sim;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.ActivityLog;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Notifier;
import io.hamlet.manager.port.ProcessControl;
import io.hamlet.manager.port.PulseBell;
import io.hamlet.manager.port.Right;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The operating system and the agent on it. Processes and the marks of begun starts outlive the
 * manager; gates without a script, watches and news on their way do not (architecture.md 2). One
 * thread.
 */
final class SimHost implements ProcessControl, Notifier, PulseBell, ActivityLog {
  private static final long MILLI = 1_000_000L;

  final List<String> lines = new ArrayList<>();

  /** What went wrong that must never go wrong, as found by the host itself. */
  final List<String> violations = new ArrayList<>();

  private final SimClock clock;
  private final Agenda agenda;
  private final RandomGenerator random;
  private final Map<ProcessId, SimProcess> processes = new HashMap<>();
  private final Map<EffectId, SimProcess> marks = new HashMap<>();
  private final Map<EffectId, Integer> signals = new HashMap<>();
  private final TreeMap<String, Integer> starts = new TreeMap<>();
  private final Map<ProcessId, List<Effect.Watch>> watches = new HashMap<>();
  private final Map<EffectId, String> awaited = new HashMap<>();
  private FaultPlan plan = FaultPlan.NONE;
  private Right right = Right.NONE;
  private Tenants tenants = Tenants.NOBODY;
  private Flaw flaw = Flaw.NONE;
  private Inbox inbox;
  private long reign;
  private long nextPid = 100;

  /** Who counts what runs here for the cluster. */
  interface Tenants {
    Tenants NOBODY =
        new Tenants() {
          @Override
          public long began(String program, long token) {
            return 0;
          }

          @Override
          public void ended(long run) {}
        };

    /** Returns its number. */
    long began(String program, long token);

    void ended(long run);
  }

  SimHost(SimClock clock, Agenda agenda, RandomGenerator random) {
    this.clock = clock;
    this.agenda = agenda;
    this.random = random;
  }

  /** A new manager acts; what the old one was waiting for is lost. */
  void serve(Inbox of) {
    inbox = of;
    reign++;
    watches.clear();
    awaited.clear();
    for (SimProcess p : List.copyOf(processes.values())) {
      if (p.isGate() && p.lives()) {
        p.exit = Exit.exited(0);
      }
    }
  }

  /** What is of a cluster here. */
  void belong(Tenants who, Flaw planted) {
    tenants = who;
    flaw = planted;
  }

  /** Asked at the last moment. */
  void right(Right asked) {
    right = asked;
  }

  /** What runs here for the cluster, and its idle gates. */
  void endMustStop() {
    for (SimProcess p : List.copyOf(processes.values())) {
      if (p.house == Effect.House.MUST_STOP) {
        kill(p, Exit.signaled(9, false));
      }
    }
  }

  /** Nothing is left of what may be kept without a quorum. */
  boolean keepsNothing() {
    return processes.values().stream().noneMatch(p -> p.house == Effect.House.KEEP && p.lives());
  }

  /** All that runs is gone. */
  void powerCut() {
    processes.values().forEach(this::gone);
  }

  private void gone(SimProcess p) {
    if (p.run != 0) {
      tenants.ended(p.run);
      p.run = 0;
    }
  }

  void faults(FaultPlan faults) {
    plan = faults;
  }

  /** How often that program has begun to run, by anybody. */
  int starts(String program) {
    return starts.getOrDefault(program, 0);
  }

  /** How often each signal was sent. */
  Map<EffectId, Integer> signals() {
    return Map.copyOf(signals);
  }

  /** The starts of commands, which nobody waits for. */
  Set<EffectId> commands() {
    return marks.entrySet().stream()
        .filter(begun -> isCommand(begun.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static boolean isCommand(SimProcess p) {
    return p.program.startsWith("/bin/");
  }

  List<SimProcess> living(String program) {
    return processes.values().stream().filter(p -> p.lives() && program.equals(p.program)).toList();
  }

  SimProcess process(ProcessId id) {
    return processes.get(id);
  }

  /** A process that was not started by us. */
  ProcessId stranger(String program) {
    SimProcess p = make(null, program, Effect.House.NODE);
    return p.id;
  }

  void kill(SimProcess p, Exit exit) {
    if (p == null || !p.lives()) {
      return;
    }
    p.exit = exit;
    gone(p);
    for (Effect.Watch w : watches.getOrDefault(p.id, List.of())) {
      post(1, new HamEvent.Died(w.entity(), w.uid(), w.life(), exit));
    }
    watches.remove(p.id);
  }

  @Override
  public void prepare(Effect.Prepare e) {
    if (e.remains() != null) {
      kill(processes.get(e.remains().process()), Exit.signaled(9, false));
    }
    long delay = plan.slowestGateMillis() == 0 ? 1 : random.nextInt(plan.slowestGateMillis());
    SimProcess gate = make(e.id(), null, e.house());
    post(delay, new HamEvent.Prepared(e.id(), gate.id, "home-" + gate.id.pid()));
  }

  @Override
  public void go(Effect.Go e) {
    SimProcess gate = processes.get(e.gate());
    SimProcess marked = flaw == Flaw.TWICE ? null : marks.get(e.id());
    boolean fresh = marked == null && gate != null && gate.lives();
    String refusal = fresh && e.house() != Effect.House.NODE ? right.refusal() : null;
    if (marked != null && !e.repeated()) {
      violations.add("told to go twice: " + e);
    } else if (marked == null && (gate == null || !gate.lives())) {
      post(1, new HamEvent.NeverRan(e.id()));
    } else if (refusal != null) {
      gate.exit = Exit.exited(0);
      post(1, new HamEvent.Denied(e.id(), refusal));
    } else if (marked == null && random.nextInt(100) < plan.failedStartsPercent()) {
      gate.exit = Exit.exited(127);
      post(1, new HamEvent.Failed(e.id(), "the program cannot be run"));
    } else {
      if (marked == null) {
        begin(gate, e);
        if (flaw == Flaw.TWICE && isCommand(gate) && random.nextBoolean()) {
          throw new Crashed("with a command begun");
        }
      }
      post(1, new HamEvent.Started(e.id(), e.gate(), e.home()));
    }
  }

  private void begin(SimProcess gate, Effect.Go e) {
    gate.program = e.spec().argv().getFirst();
    marks.put(e.id(), gate);
    starts.merge(gate.program, 1, Integer::sum);
    if (e.house() != Effect.House.NODE) {
      gate.run = tenants.began(gate.program, token(e));
    }
    if (isCommand(gate)) {
      // A command does its work and ends; nobody waits for it.
      agenda.plan(clock.nanos() + 5 * MILLI, () -> kill(gate, Exit.exited(0)));
    }
  }

  private static long token(Effect.Go e) {
    return e.environment().stream()
        .filter(v -> v.name().equals("HAM_TOKEN"))
        .mapToLong(v -> Long.parseLong(v.value()))
        .findFirst()
        .orElse(0);
  }

  @Override
  public void abandon(Effect.Abandon e) {
    SimProcess gate = processes.get(e.gate());
    if (gate != null && gate.isGate()) {
      kill(gate, Exit.exited(0));
    }
  }

  @Override
  public void watch(Effect.Watch e) {
    SimProcess p = processes.get(e.process());
    if (p == null || !p.lives()) {
      Exit exit = p == null ? Exit.UNKNOWN : p.exit;
      post(1, new HamEvent.Died(e.entity(), e.uid(), e.life(), exit));
    } else {
      watches.computeIfAbsent(e.process(), k -> new ArrayList<>()).add(e);
    }
  }

  @Override
  public void unwatch(Effect.Unwatch e) {
    watches
        .values()
        .forEach(list -> list.removeIf(w -> w.uid() == e.uid() && w.life() == e.life()));
  }

  @Override
  public void end(Effect.End e) {
    SimProcess p = processes.get(e.process());
    boolean ignoresTerm = p != null && p.program != null && p.program.endsWith("stubborn");
    Exit exit = Exit.signaled(ignoresTerm ? 9 : 15, false);
    agenda.plan(clock.nanos() + (ignoresTerm ? 10_000 : 20) * MILLI, () -> kill(p, exit));
  }

  @Override
  public void quell(Effect.Quell e) {
    long delay = Math.min(20, e.grace().toMillis());
    agenda.plan(
        clock.nanos() + delay * MILLI,
        () -> {
          for (Effect.Remains one : e.those()) {
            kill(processes.get(one.process()), Exit.signaled(delay == 0 ? 9 : 15, false));
          }
        });
    post(delay + 1, new HamEvent.Done(e.id()));
  }

  @Override
  public void signal(Effect.Signal e) {
    signals.merge(e.id(), 1, Integer::sum);
    SimProcess p = processes.get(e.process());
    if (p == null || !p.lives()) {
      post(1, new HamEvent.Failed(e.id(), "no such process"));
    } else {
      if (e.signal() == 9) {
        kill(p, Exit.signaled(9, false));
      }
      post(1, new HamEvent.Done(e.id()));
    }
  }

  @Override
  public void awaitPath(Effect.AwaitPath e) {
    // A path appears half a second after somebody waits for it, whoever that is.
    awaited.put(e.id(), e.path());
    post(500, new HamEvent.Done(e.id()));
  }

  @Override
  public void forget(Effect.Forget e) {
    awaited.remove(e.id());
  }

  @Override
  public void write(Effect.WriteLog line) {
    lines.add(line.message());
  }

  @Override
  public void waiting(long pid, int channel) {
    // Nobody listens here.
  }

  @Override
  public ProcessId identify(long pid) {
    return processes.keySet().stream().filter(p -> p.pid() == pid).findFirst().orElse(null);
  }

  @Override
  public void check(ProcessSpec spec) {
    // Every program exists here; starts fail when the plan says so.
  }

  @Override
  public void checkProgram(String path) {
    // As above.
  }

  private SimProcess make(EffectId effect, String program, Effect.House house) {
    long pid = nextPid++;
    SimProcess p =
        new SimProcess(new ProcessId(pid, clock.nanos() / MILLI + pid), effect, program, house);
    processes.put(p.id, p);
    return p;
  }

  /** News for the manager of now; a later one will not get it. */
  private void post(long millis, HamEvent event) {
    long mine = reign;
    Inbox to = inbox;
    agenda.plan(
        clock.nanos() + millis * MILLI,
        () -> {
          if (reign == mine) {
            to.post(event);
          }
        });
  }
}

package io.hamlet.agent.process;

import static org.awaitility.Awaitility.await;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A process control with a thread that stands for the core's, and all that it posted. */
final class Bench implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final FfmKernel kernel = new FfmKernel();
  final ProcFiles proc = new ProcFiles(kernel);
  final Reactor reactor = new Reactor(kernel);
  final List<HamEvent> events = new CopyOnWriteArrayList<>();
  final Workplace place;
  final LinuxProcessControl control;
  final LinuxNotifier notifier;
  private final Thread core;
  private final Set<ProcessId> toEnd = ConcurrentHashMap.newKeySet();

  /** Whose the started processes are. */
  volatile Effect.House house = Effect.House.NODE;

  /** Why what is the cluster's may not start; null: it may. */
  volatile String refusal;

  private volatile ProcessSpec goes;
  private volatile boolean ends;
  private int entry;

  Bench(Path directory) {
    this(directory, root());
  }

  Bench(Path directory, Path cgroups) {
    this(directory, cgroups, ExitStatuses::of);
  }

  /** With a certain way to learn exit statuses. */
  static Bench with(BiFunction<Kernel, Reactor, ExitStatuses> statuses, Path directory) {
    return new Bench(directory, root(), statuses);
  }

  private static Path root() {
    return Cgroups.rootFor("test-" + ProcessHandle.current().pid() + "-" + NUMBER);
  }

  private Bench(Path directory, Path cgroups, BiFunction<Kernel, Reactor, ExitStatuses> statuses) {
    try {
      place =
          new Workplace(
              Files.createDirectories(directory.resolve("go")),
              Files.createDirectories(directory.resolve("log")),
              cgroups,
              Path.of("/etc"),
              List.of(new ProcessSpec.Variable("PATH", "/usr/bin:/bin")),
              Duration.ofMillis(500));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ExitStatuses learned = statuses.apply(kernel, reactor);
    control = new LinuxProcessControl(kernel, reactor, this::post, place, () -> refusal, learned);
    control.keepHouse();
    notifier = new LinuxNotifier(kernel, reactor, this::post);
    core = Thread.ofPlatform().name("core-" + NUMBER.incrementAndGet()).start(this::loop);
  }

  /** From now on every Prepared is followed by its go, as a core would do. */
  void answersPreparedByGo(ProcessSpec spec) {
    goes = spec;
  }

  private void post(HamEvent event) {
    events.add(event);
    if (event instanceof HamEvent.Started started) {
      toEnd.add(started.process());
    }
    if (goes != null && event instanceof HamEvent.Prepared e) {
      reactor.execute(() -> control.go(go(e.effect(), e, goes, false)));
    }
  }

  Effect.Go go(EffectId id, HamEvent.Prepared gate, ProcessSpec spec, boolean repeated) {
    return new Effect.Go(
        id, gate.gate(), gate.home(), spec, spec.environment(), "test", house, repeated);
  }

  private void loop() {
    while (!ends) {
      reactor.await(Long.MAX_VALUE);
    }
  }

  /** Runs it on the core thread and returns what it returned. */
  <T> T onCore(Supplier<T> work) {
    FutureTask<T> task = new FutureTask<>(work::get);
    reactor.execute(task);
    try {
      return task.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  void run(Runnable work) {
    onCore(
        () -> {
          work.run();
          return null;
        });
  }

  /** Core thread: lets a gate go that was made by the test itself. */
  Tracked launch(Gate gate, Script script, Start.Outcome outcome) {
    ExitStatuses statuses = ExitStatuses.byPidfd(kernel);
    Processes processes = new Processes(kernel, reactor, proc, statuses);
    Tracked tracked = processes.track(gate.process(), gate.pidfd(), "");
    new Start(kernel, reactor, proc, gate, script, outcome).go(tracked);
    return tracked;
  }

  EffectId nextEffect() {
    return new EffectId(new EntryId(7, 1, ++entry), 0);
  }

  /** The first event of this kind that fits, now or soon. */
  <E extends HamEvent> E event(Class<E> kind, Predicate<E> fits) {
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> events.stream().anyMatch(e -> kind.isInstance(e) && fits.test(kind.cast(e))));
    return events.stream()
        .filter(e -> kind.isInstance(e) && fits.test(kind.cast(e)))
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  /** Does the first phase. */
  HamEvent.Prepared prepare(EffectId id, ProcessSpec spec) {
    run(() -> control.prepare(new Effect.Prepare(id, spec, null, house, true)));
    return event(HamEvent.Prepared.class, e -> e.effect().equals(id));
  }

  /** Does both phases, without waiting for the outcome. */
  EffectId launch(ProcessSpec spec) {
    EffectId id = nextEffect();
    HamEvent.Prepared gate = prepare(id, spec);
    run(() -> control.go(go(id, gate, spec, false)));
    return id;
  }

  HamEvent.Started start(ProcessSpec spec) {
    EffectId id = launch(spec);
    return event(HamEvent.Started.class, e -> e.effect().equals(id));
  }

  HamEvent.Started start(String... argv) {
    return start(ProcessSpec.of(List.of(argv)));
  }

  /** A process whose parent, a shell that lives on, is not the manager and reaps it at once. */
  ProcessId stranger(Path pid, String script) throws IOException {
    String file = "echo $! > %1$s.n; mv %1$s.n %1$s".formatted(pid);
    start(Privilege.shell("(" + script + ") & " + file + "; while :; do wait; sleep 1000 & done"));
    await().atMost(PATIENCE).until(() -> Files.exists(pid));
    return control.identify(Long.parseLong(Files.readString(pid).strip()));
  }

  HamEvent.Failed failure(ProcessSpec spec) {
    EffectId id = launch(spec);
    return event(HamEvent.Failed.class, e -> e.effect().equals(id));
  }

  void watch(long uid, ProcessId process, String home) {
    run(() -> control.watch(new Effect.Watch(new Name("e" + uid), uid, 1, process, home)));
  }

  HamEvent.Died death(long uid) {
    return event(HamEvent.Died.class, e -> e.uid() == uid);
  }

  /** Ends whatever was started, with all that it started, and removes the cgroups. */
  private void endAll() {
    for (ProcessId process : toEnd) {
      if (proc.isThere(process)) {
        kernel.kill(process.pid(), 9);
      }
    }
    if (place.cgroups() != null) {
      Cgroups cgroups = new Cgroups(kernel, proc, place.cgroups());
      // A gate may be on its way into its home just now, so ask until nothing is left.
      await()
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          // A home may go while its files are listed.
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(
              () -> {
                homes().forEach(cgroups::kill);
                homes().forEach(cgroups::remove);
                return homes().isEmpty();
              });
      cgroups.remove(place.cgroups().toString());
    }
  }

  private List<String> homes() {
    try (Stream<Path> all = Files.walk(place.cgroups(), 2)) {
      // What is in another before that one.
      return all.filter(p -> Files.isDirectory(p) && !p.equals(place.cgroups()))
          .map(Path::toString)
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    run(control::close);
    endAll();
    run(notifier::close);
    ends = true;
    reactor.ring();
    try {
      core.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    reactor.close();
  }
}

package io.hamlet.agent.process;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection.Reason;
import io.hamlet.core.recovery.Effect;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.ProcessControl;
import io.hamlet.manager.port.Right;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link ProcessControl} on Linux. Core thread, except where the port says otherwise. */
public final class LinuxProcessControl implements ProcessControl, AutoCloseable {
  private static final int WORKERS = 4;

  private final Kernel kernel;
  private final ProcFiles proc;
  private final ExitStatuses statuses;
  private final Workers workers = new Workers("agent-worker", WORKERS);

  /** A disk that hangs under a log must not hold up a start. */
  private final Workers logWorker = new Workers("agent-logs", 1);

  private final Workplace place;
  private final LogFiles logs;
  private final Orphans orphans;
  private final Houses houses;
  private final Remains remains;
  private final Quells quells;
  private final PathWatch paths;
  private final Starts starts;
  private final Watches watches;
  private final Ender ender;
  private final Marks marks;
  private final StrayGates strays;
  private final Preflight preflight;

  /** Of a node without others. Core thread, or before it runs. */
  public LinuxProcessControl(Kernel kernel, Reactor reactor, Inbox inbox, Workplace place) {
    this(kernel, reactor, inbox, place, Right.NONE);
  }

  /**
   * Core thread, or before it runs.
   *
   * @param right to start what is the cluster's
   */
  public LinuxProcessControl(
      Kernel kernel, Reactor reactor, Inbox inbox, Workplace place, Right right) {
    this(kernel, reactor, inbox, place, right, ExitStatuses.of(kernel, reactor));
  }

  /** With a certain way to learn exit statuses, which is closed with this. */
  LinuxProcessControl(
      Kernel kernel,
      Reactor reactor,
      Inbox inbox,
      Workplace place,
      Right right,
      ExitStatuses statuses) {
    this.kernel = kernel;
    this.proc = new ProcFiles(kernel);
    this.statuses = statuses;
    this.place = place;
    this.logs = new LogFiles(reactor, logWorker, LogFiles.MOST_BYTES);
    Cgroups cgroups = new Cgroups(kernel, proc, place.cgroups());
    Processes processes = new Processes(kernel, reactor, proc, statuses);
    this.orphans = new Orphans(kernel, reactor, processes);
    this.houses = new Houses(kernel, reactor, workers, proc, cgroups, processes);
    this.paths = new PathWatch(kernel, reactor, "agent-marks");
    this.ender = new Ender(kernel, reactor, proc, cgroups);
    this.watches = new Watches(processes, reactor, inbox);
    this.preflight = new Preflight(new Accounts(place.etc()));
    this.marks = new Marks(reactor, workers, place.marks());
    this.remains = new Remains(kernel, reactor, workers, proc, cgroups);
    this.quells = new Quells(inbox, remains);
    this.starts =
        new Starts(
            kernel,
            reactor,
            inbox,
            place,
            new Starts.Parts(
                proc,
                processes,
                houses,
                right,
                remains,
                new Settler(kernel, reactor, proc, paths),
                new Forking(
                    reactor,
                    workers,
                    proc,
                    cgroups,
                    processes,
                    paths,
                    pid -> processes.isTracked(pid) || orphans.isClaimed(pid)),
                ender,
                marks,
                logs));
    Homes homes = new Homes(reactor, workers, cgroups);
    processes.afterDeaths(dead -> homes.retire(dead.home));
    processes.afterBurials(orphans::sweep);
    this.strays = new StrayGates(kernel, reactor, workers, proc, houses.all(), homes);
  }

  /**
   * Cares for what nobody asked for as well: orphans of this process, and what managers before this
   * one left. Core thread, or before it runs.
   */
  public void keepHouse() {
    orphans.take();
    kernel.becomeSubreaper();
    strays.wakeLater();
    marks.sweepLater(Instant.now());
    orphans.sweepForEver();
  }

  /**
   * From now on of the output of entities that are gone only the newest is kept. Core thread, or
   * before it runs.
   *
   * @param entities those that are there; any thread
   */
  public void keepOutput(Supplier<Stream<Name>> entities) {
    Supplier<Set<Path>> files =
        () -> entities.get().map(e -> place.logFile(e.value())).collect(Collectors.toSet());
    logs.tidies(() -> OldLogs.sweep(place.logs(), files), Duration.ofMinutes(1));
  }

  /** Takes over what was made before anything had to be started. Core thread, or before it runs. */
  public void take(GatesAhead ahead) {
    ahead.take().forEach(houses.pool(Effect.House.NODE)::add);
  }

  /** Why starts wait, or null. Any thread. */
  public String trouble() {
    return houses.trouble();
  }

  /** Another part of the manager waits for this child itself, such as the Guardian. Any thread. */
  public void claim(long pid) {
    orphans.claim(pid);
  }

  /** It is done with it. Any thread. */
  public void unclaim(long pid) {
    orphans.unclaim(pid);
  }

  /** A process that makes gates is gone: clears behind it, when they have ended. Core thread. */
  public void clearLater() {
    strays.wakeLater();
    orphans.sweepLater();
  }

  @Override
  public void prepare(Effect.Prepare effect) {
    starts.prepare(effect);
  }

  @Override
  public void go(Effect.Go effect) {
    starts.go(effect, watches.size());
  }

  @Override
  public void abandon(Effect.Abandon effect) {
    starts.abandon(effect);
  }

  @Override
  public void watch(Effect.Watch effect) {
    watches.watch(effect);
    // Another manager may have started it; who writes elsewhere has no such file.
    logs.lives(place.logFile(effect.entity().value()).toString());
  }

  @Override
  public void unwatch(Effect.Unwatch effect) {
    watches.unwatch(effect);
  }

  @Override
  public void end(Effect.End effect) {
    ender.end(effect.process(), effect.home(), effect.grace());
  }

  @Override
  public void quell(Effect.Quell effect) {
    quells.quell(effect);
  }

  /**
   * Ends all that stands in the house of what must stop, gates and all: what an earlier life of
   * this node left there. Asked before anything is started there. Core thread, as is the answer:
   * null when nothing is left, else why something is, and it is tried on.
   */
  public void evict(Consumer<String> answer) {
    houses.evict(remains, answer);
  }

  @Override
  public ProcessId identify(long pid) {
    if (pid < 1 || pid > Integer.MAX_VALUE) {
      throw Refused.invalid(pid + " is no process id");
    }
    if (pid == ProcessHandle.current().pid()) {
      throw Refused.invalid("process " + pid + " is this manager itself");
    }
    // A thread has an entry in /proc as well, but only a process has a pidfd.
    long pidfd = kernel.pidfdOpen(pid);
    if (pidfd >= 0) {
      kernel.close((int) pidfd);
    }
    ProcFiles.Stat stat = proc.stat(pid);
    if (pidfd < 0 || stat == null || stat.isDead()) {
      throw new Refused(Reason.NO_SUCH_PROCESS, "there is no process " + pid);
    }
    if (stat.kernel()) {
      throw new Refused(Reason.NOT_PERMITTED, "process " + pid + " is a thread of the kernel");
    }
    long allowed = kernel.kill(pid, 0);
    if (allowed == -Errno.EPERM) {
      throw new Refused(
          Reason.NOT_PERMITTED, "process " + pid + " belongs to another user than this manager");
    }
    return new ProcessId(pid, stat.startTime());
  }

  @Override
  public void check(ProcessSpec spec) {
    preflight.check(spec);
  }

  @Override
  public void checkProgram(String path) {
    preflight.checkProgram(path);
  }

  /** Ends what waits for work; entities run on. Core thread. */
  @Override
  public void close() {
    statuses.close();
    ender.close();
    houses.close();
    paths.close();
    workers.close();
    logWorker.close();
  }
}

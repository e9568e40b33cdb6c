package io.hamlet.agent.process;

import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.Reactor;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.manager.disk.Contents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Finds the daemon that a forking program leaves: named by its pid file, else the one that leads a
 * session, else the oldest that is left. Core thread; /proc is searched by a worker.
 */
final class Forking {
  /** Hears once what became of it. */
  interface Outcome {
    void daemon(Tracked daemon);

    void failed(String why);
  }

  private record Candidate(ProcessId id, boolean leads) {}

  private final Reactor reactor;
  private final Workers workers;
  private final ProcFiles proc;
  private final Cgroups cgroups;
  private final Processes processes;
  private final PathWatch paths;

  /** A pid that is something else already. */
  private final LongPredicate taken;

  Forking(
      Reactor reactor,
      Workers workers,
      ProcFiles proc,
      Cgroups cgroups,
      Processes processes,
      PathWatch paths,
      LongPredicate taken) {
    this.taken = taken;
    this.reactor = reactor;
    this.workers = workers;
    this.proc = proc;
    this.cgroups = cgroups;
    this.processes = processes;
    this.paths = paths;
  }

  void await(Tracked program, ProcessSpec spec, Outcome outcome) {
    new Waiting(program, spec.pidFile(), outcome).begin();
  }

  private final class Waiting {
    private final Tracked program;
    private final String pidFile;
    private final Outcome outcome;
    private Reactor.Timer limit;
    private PathWatch.Watching watching;
    private boolean over;

    Waiting(Tracked program, String pidFile, Outcome outcome) {
      this.program = program;
      this.pidFile = pidFile;
      this.outcome = outcome;
    }

    void begin() {
      limit =
          reactor.after(
              ProcessSpec.FORKING_LIMIT.toNanos(),
              () -> finish(null, "it left no daemon within " + ProcessSpec.FORKING_LIMIT));
      if (!pidFile.isEmpty()) {
        watching = paths.on(pidFile, this::readPidFile);
      }
      program.mourners.add((exit, late) -> programEnded(exit, late));
      if (program.exit != null) {
        programEnded(program.exit, false);
      }
    }

    private void programEnded(Exit exit, boolean late) {
      if (over || late) {
        return;
      }
      if (!exit.equals(Exit.exited(0))) {
        finish(null, "the forking program ended with " + exit.reason());
      } else if (pidFile.isEmpty()) {
        workers.execute(
            () -> {
              List<Candidate> left = candidates();
              reactor.execute(() -> found(best(left)));
            });
      }
    }

    /** On the thread of the paths. A file of an earlier life names nobody of this one. */
    private void readPidFile() {
      String text = proc.read(pidFile).strip();
      if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(Character::isDigit)) {
        return;
      }
      Candidate named = candidate(Long.parseLong(text));
      if (named != null) {
        reactor.execute(() -> found(named));
      }
    }

    private void found(Candidate candidate) {
      if (over) {
        return;
      }
      try {
        Tracked daemon = candidate == null ? null : processes.find(candidate.id(), program.home);
        finish(daemon, daemon == null ? "the forking program left no daemon" : null);
      } catch (KernelException e) {
        finish(null, "its daemon cannot be watched: " + e.getMessage());
      }
    }

    private void finish(Tracked daemon, String why) {
      if (over) {
        return;
      }
      over = true;
      limit.cancel();
      if (watching != null) {
        watching.cancel();
      }
      if (daemon != null) {
        outcome.daemon(daemon);
      } else {
        outcome.failed(why);
      }
    }

    private List<Candidate> candidates() {
      List<Candidate> found = new ArrayList<>();
      if (!program.home.isEmpty()) {
        cgroups.members(program.home).forEach(pid -> add(found, candidate(pid)));
        return found;
      }
      try {
        for (Path one : Contents.of(Path.of("/proc"), "[1-9]*")) {
          add(found, candidate(Long.parseLong(one.getFileName().toString())));
        }
      } catch (IOException e) {
        return found;
      }
      return found;
    }

    private static void add(List<Candidate> found, Candidate one) {
      if (one != null) {
        found.add(one);
      }
    }

    private Candidate best(List<Candidate> found) {
      return found.stream()
          .filter(c -> !taken.test(c.id().pid()))
          .min(
              Comparator.comparing((Candidate c) -> !c.leads())
                  .thenComparing(c -> c.id().startTime())
                  .thenComparing(c -> c.id().pid()))
          .orElse(null);
    }

    /** Null unless this process can be the daemon. */
    private Candidate candidate(long pid) {
      ProcFiles.Stat stat = pid == program.id.pid() ? null : proc.stat(pid);
      if (stat == null || stat.isDead() || stat.startTime() < program.id.startTime()) {
        return null;
      }
      boolean ours =
          program.home.isEmpty()
              ? stat.session() == program.id.pid()
                  || isOrphanOfOurs(pid, stat)
                  || !pidFile.isEmpty()
              : cgroups.members(program.home).contains(pid);
      return ours
          ? new Candidate(new ProcessId(pid, stat.startTime()), stat.session() == pid)
          : null;
    }

    /** A gate that is just being made is our child as well, and looks like this. */
    private boolean isOrphanOfOurs(long pid, ProcFiles.Stat stat) {
      return stat.parent() == ProcessHandle.current().pid()
          && !proc.read("/proc/" + pid + "/cmdline").equals("sh\0");
    }
  }
}

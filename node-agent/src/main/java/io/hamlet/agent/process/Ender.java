package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.core.model.ProcessId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Ends a process and its company: TERM, some grace, KILL; without grace KILL. Core thread. */
final class Ender {
  private final Kernel kernel;
  private final Reactor reactor;
  private final ProcFiles proc;
  private final Cgroups cgroups;
  private final Set<Runnable> graces = new LinkedHashSet<>();

  Ender(Kernel kernel, Reactor reactor, ProcFiles proc, Cgroups cgroups) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.proc = proc;
    this.cgroups = cgroups;
  }

  void end(ProcessId process, String home, Duration grace) {
    if (home.isEmpty()) {
      endGroup(process, grace);
      return;
    }
    if (grace.isZero()) {
      cgroups.kill(home);
      // It may have left its home.
      endGroup(process, grace);
      return;
    }
    for (long pid : cgroups.members(home)) {
      kernel.kill(pid, Kernel.SIGTERM);
    }
    afterwards(
        grace,
        () -> {
          if (cgroups.isPopulated(home)) {
            cgroups.kill(home);
          }
        });
  }

  /** Nobody will be there when the grace is over: what is left is killed now. */
  void close() {
    List.copyOf(graces).forEach(Runnable::run);
    graces.clear();
  }

  private void afterwards(Duration grace, Runnable kill) {
    if (grace.isZero()) {
      kill.run();
      return;
    }
    graces.add(kill);
    reactor.after(
        grace.toNanos(),
        () -> {
          if (graces.remove(kill)) {
            kill.run();
          }
        });
  }

  private void endGroup(ProcessId process, Duration grace) {
    long pidfd = kernel.pidfdOpen(process.pid());
    if (pidfd < 0) {
      return;
    }
    ProcFiles.Stat stat = proc.stat(process.pid());
    if (stat == null || stat.startTime() != process.startTime()) {
      kernel.close((int) pidfd);
      return;
    }
    // Only a group that it leads is its own; an adopted process may live in somebody's.
    boolean leads = stat.group() == process.pid();
    if (!grace.isZero()) {
      signal((int) pidfd, process.pid(), leads, Kernel.SIGTERM);
    }
    afterwards(
        grace,
        () -> {
          signal((int) pidfd, process.pid(), leads, Kernel.SIGKILL);
          kernel.close((int) pidfd);
        });
  }

  /** The group is safe to signal only while its leader is known to hold the pid. */
  private void signal(int pidfd, long pid, boolean group, int signal) {
    if (kernel.pidfdSignal(pidfd, signal) == 0 && group) {
      kernel.kill(-pid, signal);
    }
  }
}

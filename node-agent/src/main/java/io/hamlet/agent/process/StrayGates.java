package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.Stopped;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Gates of dead managers that somebody had stopped: they never read that their manager is gone, and
 * would stay for ever. They are found by the cgroups made for them and told to go on, which ends
 * them; nobody is killed. Without cgroups they cannot be told from others and are left alone. Core
 * thread.
 */
final class StrayGates {
  /** After all that is under way has been taken over. */
  private static final long LATER_NANOS = 2_000_000_000L;

  private final Kernel kernel;
  private final Reactor reactor;
  private final Workers workers;
  private final ProcFiles proc;
  private final List<Cgroups> all;
  private final Homes homes;

  StrayGates(
      Kernel kernel,
      Reactor reactor,
      Workers workers,
      ProcFiles proc,
      List<Cgroups> all,
      Homes homes) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.workers = workers;
    this.proc = proc;
    this.all = all;
    this.homes = homes;
  }

  void wakeLater() {
    reactor.after(LATER_NANOS, () -> workers.execute(this::wake));
  }

  private void wake() {
    all.forEach(this::wake);
  }

  private void wake(Cgroups cgroups) {
    // To try a thousand homes takes the kernel a lock that each fork waits for.
    cgroups.sweep();
    for (String home : cgroups.ofEarlierManagers()) {
      List<Long> members = cgroups.members(home);
      if (members.size() == 1 && isStoppedGate(members.getFirst())) {
        Stopped.wake(kernel, members.getFirst(), this::isStoppedGate);
        reactor.execute(() -> homes.retire(home));
      }
    }
  }

  /** What no entity is: a bare shell, leading a session, without environment, with our pipes. */
  private boolean isStoppedGate(long pid) {
    ProcFiles.Stat stat = proc.stat(pid);
    return stat != null
        && stat.state() == 'T'
        && stat.session() == pid
        && proc.read("/proc/" + pid + "/cmdline").equals("sh\0")
        && proc.read("/proc/" + pid + "/environ").isEmpty()
        && shell().equals(proc.program(pid))
        && isPipe(pid, 0)
        && isPipe(pid, Script.STATUS_FD);
  }

  private boolean isPipe(long pid, int fd) {
    String file = kernel.readLink("/proc/" + pid + "/fd/" + fd, new long[1]);
    return file != null && file.startsWith("pipe:");
  }

  private static String shell() {
    try {
      return Path.of(GateMaker.shell()).toRealPath().toString();
    } catch (IOException e) {
      return "";
    }
  }
}

package io.hamlet.agent.process;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.recovery.Effect;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ends what a dead process left behind, before its successor is made. When it left nothing, which
 * is the rule, that costs one read. Core thread.
 */
final class Remains {
  /** Hears once: null when nothing is left, else why something still is. */
  interface Cleared {
    void cleared(String why);
  }

  /** SIGKILL works at once; what is there after this hangs in the kernel. */
  private static final long LIMIT_NANOS = 10_000_000_000L;

  private static final long FIRST_LOOK_NANOS = 1_000_000L;
  private static final long LAST_LOOK_NANOS = 50_000_000L;

  private final Kernel kernel;
  private final Reactor reactor;
  private final Workers workers;
  private final ProcFiles proc;
  private final Cgroups cgroups;

  Remains(Kernel kernel, Reactor reactor, Workers workers, ProcFiles proc, Cgroups cgroups) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.workers = workers;
    this.proc = proc;
    this.cgroups = cgroups;
  }

  void clear(Effect.Remains remains, Cleared cleared) {
    if (!remains.home().isEmpty()) {
      clearHome(remains.home(), cleared);
    } else if (killGroup(remains.process())) {
      awaitGroup(
          remains.process().pid(), FIRST_LOOK_NANOS, kernel.bootNanos() + LIMIT_NANOS, cleared);
    } else {
      cleared.cleared(null);
    }
  }

  private void clearHome(String home, Cleared cleared) {
    if (!cgroups.isPopulated(home)) {
      cleared.cleared(null);
      return;
    }
    long events = kernel.open(home + "/cgroup.events", Kernel.O_RDONLY);
    if (events < 0) {
      cleared.cleared(null);
      return;
    }
    new Emptying(home, (int) events, cleared).begin();
  }

  /** Waits for the kernel to say that a cgroup is empty. */
  private final class Emptying {
    private final String home;
    private final int events;
    private final Cleared cleared;
    private final long limit = kernel.bootNanos() + LIMIT_NANOS;
    private boolean over;

    Emptying(String home, int events, Cleared cleared) {
      this.home = home;
      this.events = events;
      this.cleared = cleared;
    }

    void begin() {
      reactor.add(events, Kernel.EPOLL_PRI, ready -> look());
      cgroups.kill(home);
      look();
      again();
    }

    private void look() {
      if (over) {
        return;
      }
      // Read by this descriptor, which also takes the event.
      kernel.seekStart(events);
      kernel.read(events, new byte[256]);
      if (!cgroups.isPopulated(home)) {
        finish(null);
      } else if (kernel.bootNanos() > limit) {
        finish("what is left of the old process in " + home + " cannot be killed");
      }
    }

    /** A process may have been forking while it was killed, and before 5.14 one may escape. */
    private void again() {
      reactor.after(
          LAST_LOOK_NANOS,
          () -> {
            if (!over) {
              cgroups.kill(home);
              look();
              again();
            }
          });
    }

    private void finish(String why) {
      over = true;
      reactor.removeAndClose(events);
      cleared.cleared(why);
    }
  }

  /** False if there is no such group any more. A pid is not given out while its group exists. */
  private boolean killGroup(ProcessId leader) {
    ProcFiles.Stat stat = proc.stat(leader.pid());
    boolean other = stat != null && stat.startTime() != leader.startTime();
    boolean foreign = stat != null && stat.group() != leader.pid();
    return !other
        && !foreign
        && leader.pid() > 1
        && kernel.kill(-leader.pid(), Kernel.SIGKILL) != -Errno.ESRCH;
  }

  /** There is no event for the end of a group, and its dead may wait long for their parent. */
  private void awaitGroup(long group, long pause, long limit, Cleared cleared) {
    workers.execute(
        () -> {
          boolean alive = isAlive(group);
          reactor.execute(
              () -> {
                if (!alive) {
                  cleared.cleared(null);
                } else if (kernel.bootNanos() > limit) {
                  cleared.cleared("the process group " + group + " cannot be killed");
                } else {
                  long next = Math.min(LAST_LOOK_NANOS, pause * 2);
                  reactor.after(pause, () -> awaitGroup(group, next, limit, cleared));
                }
              });
        });
  }

  private boolean isAlive(long group) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path one : all) {
        ProcFiles.Stat stat = proc.stat(Long.parseLong(one.getFileName().toString()));
        if (stat != null && stat.group() == group && !stat.isDead()) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }
}

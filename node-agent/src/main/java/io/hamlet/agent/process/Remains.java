package io.hamlet.agent.process;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.recovery.Effect;
import io.hamlet.manager.disk.Contents;
import java.io.IOException;
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

  /** Ends it at once. */
  void clear(Effect.Remains remains, Cleared cleared) {
    clear(remains, new Pace(0, LIMIT_NANOS), cleared);
  }

  /**
   * How it is ended.
   *
   * @param graceNanos between TERM and KILL; 0: KILL at once
   * @param limitNanos after KILL, until it is said that it cannot be ended
   */
  record Pace(long graceNanos, long limitNanos) {
    boolean isGentle() {
      return graceNanos > 0;
    }
  }

  void clear(Effect.Remains remains, Pace pace, Cleared cleared) {
    if (!remains.home().isEmpty()) {
      clearHome(remains.home(), pace, cleared);
    } else if (signalGroup(remains.process(), pace.isGentle())) {
      long killed = kernel.bootNanos() + pace.graceNanos();
      new Group(remains.process(), killed, killed + pace.limitNanos(), cleared)
          .await(FIRST_LOOK_NANOS);
    } else {
      cleared.cleared(null);
    }
  }

  private void clearHome(String home, Pace pace, Cleared cleared) {
    if (!cgroups.isPopulated(home)) {
      cleared.cleared(null);
      return;
    }
    long events = kernel.open(home + "/cgroup.events", Kernel.O_RDONLY);
    if (events == -Errno.ENOENT) {
      cleared.cleared(null);
    } else if (events < 0) {
      // Out of descriptors: nothing is known of it, least of all that it is empty.
      reactor.after(LAST_LOOK_NANOS, () -> clearHome(home, pace, cleared));
    } else {
      new Emptying(home, (int) events, pace, cleared).begin();
    }
  }

  /** Waits for the kernel to say that a cgroup is empty. */
  private final class Emptying {
    private final String home;
    private final int events;
    private final Pace pace;
    private final Cleared cleared;
    private final long limit;
    private boolean over;

    Emptying(String home, int events, Pace pace, Cleared cleared) {
      this.home = home;
      this.events = events;
      this.pace = pace;
      this.cleared = cleared;
      this.limit = kernel.bootNanos() + pace.graceNanos() + pace.limitNanos();
    }

    void begin() {
      reactor.add(events, Kernel.EPOLL_PRI, ready -> look());
      if (pace.isGentle()) {
        cgroups.members(home).forEach(pid -> kernel.kill(pid, Kernel.SIGTERM));
        look();
        reactor.after(pace.graceNanos(), this::kill);
      } else {
        kill();
      }
    }

    private void kill() {
      if (!over) {
        cgroups.kill(home);
        look();
        again();
      }
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
  private boolean signalGroup(ProcessId leader, boolean gently) {
    ProcFiles.Stat stat = proc.stat(leader.pid());
    boolean other = stat != null && stat.startTime() != leader.startTime();
    boolean foreign = stat != null && stat.group() != leader.pid();
    return !other
        && !foreign
        && leader.pid() > 1
        && kernel.kill(-leader.pid(), gently ? Kernel.SIGTERM : Kernel.SIGKILL) != -Errno.ESRCH;
  }

  /** There is no event for the end of a group, and its dead may wait long for their parent. */
  private final class Group {
    private final ProcessId leader;
    private final long killAt;
    private final long limit;
    private final Cleared cleared;

    Group(ProcessId leader, long killAt, long limit, Cleared cleared) {
      this.leader = leader;
      this.killAt = killAt;
      this.limit = limit;
      this.cleared = cleared;
    }

    void await(long pause) {
      workers.execute(
          () -> {
            boolean alive = isAlive(leader.pid());
            reactor.execute(() -> looked(alive, pause));
          });
    }

    private void looked(boolean alive, long pause) {
      if (!alive) {
        cleared.cleared(null);
      } else if (kernel.bootNanos() > limit) {
        cleared.cleared("the process group " + leader.pid() + " cannot be killed");
      } else {
        if (kernel.bootNanos() >= killAt) {
          signalGroup(leader, false);
        }
        long next = Math.min(LAST_LOOK_NANOS, pause * 2);
        reactor.after(pause, () -> await(next));
      }
    }
  }

  private boolean isAlive(long group) {
    try {
      for (Path one : Contents.of(Path.of("/proc"), "[1-9]*")) {
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

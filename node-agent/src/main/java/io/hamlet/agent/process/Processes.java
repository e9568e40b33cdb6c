package io.hamlet.agent.process;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.WaitStatus;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.ProcessId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * All processes whose death we await, each by its pidfd in the reactor. A pid is not an identity:
 * the pidfd is opened first, then the start time compared. Core thread.
 */
final class Processes {
  /** How long the cause of a death is waited for before it is called unknown. */
  private static final long CAUSE_NANOS = 20_000_000L;

  /** How long a cause may still come after that, bounded because a descriptor is held for it. */
  private static final long LATE_NANOS = 60_000_000_000L;

  /** Dead children wait so long for their burial: their successors go first. */
  private static final long BURIAL_NANOS = 5_000_000L;

  /** Dead ones whose exit somebody may still ask for. */
  private static final int REMEMBERED = 4096;

  private final Kernel kernel;
  private final Reactor reactor;
  private final ProcFiles proc;
  private final ExitStatuses statuses;
  private final Map<Long, Tracked> living = new HashMap<>();
  private final Map<ProcessId, Tracked> dead =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ProcessId, Tracked> eldest) {
          return size() > REMEMBERED;
        }
      };
  private final List<Tracked> unburied = new ArrayList<>();
  private Consumer<Tracked> onDeath = tracked -> {};
  private Runnable onBurial = () -> {};

  Processes(Kernel kernel, Reactor reactor, ProcFiles proc, ExitStatuses statuses) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.proc = proc;
    this.statuses = statuses;
  }

  /** Runs after each death, when those who wanted to know have been told. */
  void afterDeaths(Consumer<Tracked> work) {
    onDeath = work;
  }

  /** Runs after dead children of ours have been reaped; others may be waiting behind them. */
  void afterBurials(Runnable work) {
    onBurial = work;
  }

  /**
   * Takes over a process that is surely this one, with its pidfd, which is closed if that throws
   * {@link KernelException}.
   */
  Tracked track(ProcessId id, int pidfd, String home) {
    Tracked tracked = new Tracked(id, pidfd, home);
    try {
      reactor.add(pidfd, Kernel.EPOLL_IN, events -> ready(tracked));
    } catch (KernelException e) {
      kernel.close(pidfd);
      throw e;
    }
    living.put(id.pid(), tracked);
    return tracked;
  }

  /**
   * A process that we know already or can find now; null if it is gone without a trace. Throws
   * {@link KernelException} if that cannot be told.
   */
  Tracked find(ProcessId id, String home) {
    Tracked known = living.get(id.pid());
    if (known != null && known.id.equals(id)) {
      return known;
    }
    known = dead.get(id);
    if (known != null) {
      return known;
    }
    long pidfd = kernel.pidfdOpen(id.pid());
    if (pidfd == -Errno.ESRCH || pidfd == -Errno.EINVAL) {
      return null;
    }
    // Out of descriptors is not dead.
    KernelException.check(pidfd, "pidfd_open of " + id.pid());
    if (!proc.isThere(id)) {
      kernel.close((int) pidfd);
      return null;
    }
    Tracked tracked = track(id, (int) pidfd, home);
    if (kernel.childStatus(tracked.pidfd) == -Errno.ECHILD) {
      statuses.expect(id.pid(), tracked.pidfd, () -> ready(tracked));
    }
    return tracked;
  }

  /** True if this pid is one whose status is ours to take. */
  boolean isTracked(long pid) {
    return living.containsKey(pid);
  }

  /** Stops awaiting the death of a process that is no child of ours and has no mourner left. */
  void release(Tracked tracked) {
    ProcFiles.Stat stat = proc.stat(tracked.id.pid());
    boolean child = stat != null && stat.parent() == ProcessHandle.current().pid();
    if (tracked.exit == null && tracked.mourners.isEmpty() && !child) {
      forget(tracked);
    }
  }

  private void ready(Tracked tracked) {
    if (tracked.exit != null && !tracked.awaitsCause) {
      return;
    }
    long status = kernel.childStatus(tracked.pidfd);
    if (status == -Errno.EAGAIN) {
      return;
    }
    if (status >= 0) {
      reactor.remove(tracked.pidfd);
      statuses.forget(tracked.id.pid(), tracked.pidfd);
      tell(tracked, WaitStatus.exit(status));
      bury(tracked);
      return;
    }
    if (status == -Errno.ECHILD) {
      status = statuses.of(tracked.id.pid(), tracked.pidfd);
    }
    if (status >= 0) {
      tell(tracked, WaitStatus.exit(status));
      forget(tracked);
    } else if (status != -Errno.EAGAIN) {
      tell(tracked, Exit.UNKNOWN);
      forget(tracked);
    } else if (!tracked.awaitsCause) {
      awaitCause(tracked);
    }
  }

  private void bury(Tracked tracked) {
    if (unburied.isEmpty()) {
      reactor.after(BURIAL_NANOS, this::buryAll);
    }
    unburied.add(tracked);
  }

  private void buryAll() {
    for (Tracked tracked : unburied) {
      kernel.reapChild(tracked.pidfd);
      kernel.close(tracked.pidfd);
    }
    unburied.clear();
    onBurial.run();
  }

  /** The cause is not told yet: it comes with a message, or when another parent has reaped. */
  private void awaitCause(Tracked tracked) {
    tracked.awaitsCause = true;
    if (statuses.announces()) {
      // Ready it will be for ever, with nothing new to say.
      reactor.remove(tracked.pidfd);
    } else {
      // Only the hang-up is awaited now; it comes with the reaping.
      reactor.change(tracked.pidfd, 0);
    }
    reactor.after(
        CAUSE_NANOS,
        () -> {
          if (tracked.exit == null) {
            tell(tracked, Exit.UNKNOWN);
            reactor.after(LATE_NANOS, () -> giveUp(tracked));
          }
        });
  }

  private void giveUp(Tracked tracked) {
    if (tracked.awaitsCause) {
      forget(tracked);
    }
  }

  private void tell(Tracked tracked, Exit exit) {
    boolean late = tracked.exit != null;
    tracked.exit = exit;
    living.remove(tracked.id.pid(), tracked);
    dead.put(tracked.id, tracked);
    if (!late || !exit.equals(Exit.UNKNOWN)) {
      for (Tracked.Mourner mourner : List.copyOf(tracked.mourners)) {
        mourner.died(exit, late);
      }
    }
    if (!exit.equals(Exit.UNKNOWN)) {
      // Nothing more can be told; they would keep a whole start in memory as long as we remember.
      tracked.mourners.clear();
    }
    onDeath.accept(tracked);
  }

  private void forget(Tracked tracked) {
    tracked.awaitsCause = false;
    tracked.mourners.clear();
    living.remove(tracked.id.pid(), tracked);
    statuses.forget(tracked.id.pid(), tracked.pidfd);
    reactor.removeAndClose(tracked.pidfd);
  }
}

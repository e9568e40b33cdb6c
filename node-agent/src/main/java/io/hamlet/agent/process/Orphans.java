package io.hamlet.agent.process;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.Reactor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Buries those whom the manager inherited as a subreaper and nobody watches. The status of a child
 * that somebody waits for is never taken. Core thread, but for {@link #claim}.
 */
final class Orphans {
  private static final int AT_ONCE = 256;

  private static final long PAUSE_NANOS = 60_000_000_000L;
  private static final long SOON_NANOS = 1_000_000_000L;

  private final Kernel kernel;
  private final Reactor reactor;
  private final Processes processes;
  private final Set<Long> claimed = ConcurrentHashMap.newKeySet();
  private boolean taken;

  Orphans(Kernel kernel, Reactor reactor, Processes processes) {
    this.kernel = kernel;
    this.reactor = reactor;
    this.processes = processes;
  }

  /** From now on the dead children that nobody watches are buried here. */
  void take() {
    taken = true;
  }

  /** Another part of the manager waits for this child. Any thread. */
  void claim(long pid) {
    claimed.add(pid);
  }

  /** That part is done with it. Any thread. */
  void unclaim(long pid) {
    claimed.remove(pid);
  }

  boolean isClaimed(long pid) {
    return claimed.contains(pid);
  }

  /** Orphans come without a word; those whose coming no death of ours tells wait for this. */
  void sweepForEver() {
    reactor.after(
        PAUSE_NANOS,
        () -> {
          sweep();
          sweepForEver();
        });
  }

  /** Of somebody who has just died: they end now. */
  void sweepLater() {
    reactor.after(SOON_NANOS, this::sweep);
  }

  void sweep() {
    for (int i = 0; i < AT_ONCE && taken; i++) {
      long pid = kernel.deadChild();
      // Somebody's dead child hides those behind it; it is taken soon, and we are called again.
      if (pid <= 0 || processes.isTracked(pid) || claimed.contains(pid)) {
        return;
      }
      kernel.reap(pid);
    }
  }
}

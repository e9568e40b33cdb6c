package io.hamlet.agent.process;

import io.hamlet.agent.os.Reactor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Cgroups whose first process is dead: removed once nothing lives in them, behind, so that no
 * restart waits for it. Core thread.
 */
final class Homes {
  private static final long SOON_NANOS = 1_000_000_000L;
  private static final long LATER_NANOS = 60_000_000_000L;

  private final Reactor reactor;
  private final Workers workers;
  private final Cgroups cgroups;
  private final Set<String> retired = new LinkedHashSet<>();
  private boolean scheduled;

  Homes(Reactor reactor, Workers workers, Cgroups cgroups) {
    this.reactor = reactor;
    this.workers = workers;
    this.cgroups = cgroups;
  }

  void retire(String home) {
    if (!home.isEmpty() && retired.add(home)) {
      schedule(SOON_NANOS);
    }
  }

  private void schedule(long nanos) {
    if (!scheduled) {
      scheduled = true;
      reactor.after(nanos, this::remove);
    }
  }

  private void remove() {
    List<String> homes = List.copyOf(retired);
    workers.execute(
        () -> {
          List<String> gone = homes.stream().filter(cgroups::remove).toList();
          reactor.execute(() -> removed(gone));
        });
  }

  private void removed(List<String> gone) {
    gone.forEach(retired::remove);
    scheduled = false;
    if (!retired.isEmpty()) {
      // What is left has inhabitants that outlived their founder, such as a daemon.
      schedule(LATER_NANOS);
    }
  }
}

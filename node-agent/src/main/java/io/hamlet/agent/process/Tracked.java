package io.hamlet.agent.process;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.ProcessId;
import java.util.ArrayList;
import java.util.List;

/** A process whose death we will learn, or have learned. Core thread. */
final class Tracked {
  /** Wants to know of the death; may get it a second time, when the cause became known late. */
  interface Mourner {
    /**
     * @param late an earlier call said that the cause is unknown
     */
    void died(Exit exit, boolean late);
  }

  final ProcessId id;
  final int pidfd;

  /** Where it lives; empty: no cgroup. */
  final String home;

  final List<Mourner> mourners = new ArrayList<>(2);

  /** Null while it lives. */
  Exit exit;

  /** Dead, but what it died of is not known yet. */
  boolean awaitsCause;

  Tracked(ProcessId id, int pidfd, String home) {
    this.id = id;
    this.pidfd = pidfd;
    this.home = home;
  }
}

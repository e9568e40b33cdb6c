package io.hamlet.manager.port;

import io.hamlet.core.model.ProcessId;

/** Processes of other hosts. Any thread. */
public interface RemoteProcesses {
  /**
   * The identity of a running process, as its own node tells it; waits for the answer, for some
   * seconds at most. Throws {@link io.hamlet.core.model.Refused} when there is none or it may not
   * be named (as {@link ProcessControl#identify}), and with UNAVAILABLE when its node does not
   * answer.
   */
  ProcessId identify(String node, long pid);
}

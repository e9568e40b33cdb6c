package io.hamlet.core.sam;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.ProcessId;

/** What happens to a supervised program without its asking. */
public sealed interface SamFact {
  /** Its time for a message, or its grace after a warning, is over. */
  record Silent() implements SamFact {}

  record QuorumLost() implements SamFact {}

  record QuorumGained() implements SamFact {}

  /** The process of this instance has ended. */
  record Exited(Exit exit) implements SamFact {}

  /** The next instance runs. */
  record Launched(ProcessId process) implements SamFact {}

  /** It will not be started again. */
  record GivenUp() implements SamFact {}

  /** An operator has it started again after it was given up. */
  record Resumed() implements SamFact {}

  /** Somebody took its entity away; the process may live on. */
  record Detached() implements SamFact {}

  /**
   * Ended by an orderly stop of the node.
   *
   * @param comesBack it will be started with the node
   */
  record NodeStopped(boolean comesBack) implements SamFact {}

  record Rebooted() implements SamFact {}

  /** The deadline that it waits for has passed. */
  record Due() implements SamFact {}
}

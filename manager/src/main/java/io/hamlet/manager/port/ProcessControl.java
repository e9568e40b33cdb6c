package io.hamlet.manager.port;

import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.recovery.Effect;

/**
 * Processes of this host. Effects are performed on the core thread and must not block; what becomes
 * of them is posted to the {@link Inbox}.
 */
public interface ProcessControl {
  /** Answers Prepared or Failed, at once from the pool of gates when it can. */
  void prepare(Effect.Prepare effect);

  /** Answers Started, Failed or NeverRan; for the cluster's entities also Denied. */
  void go(Effect.Go effect);

  void abandon(Effect.Abandon effect);

  /** Answers Died, now or one day, and ExitLearned if the cause is known only later. */
  void watch(Effect.Watch effect);

  void unwatch(Effect.Unwatch effect);

  void end(Effect.End effect);

  /** Answers Done when nothing is left, Failed while something cannot be ended. */
  void quell(Effect.Quell effect);

  /**
   * The identity of a running process that this manager may watch. Any thread; may block shortly.
   * Throws {@link io.hamlet.core.model.Refused} when there is none (NO_SUCH_PROCESS), when it is of
   * another PID namespace or user (NOT_PERMITTED), or is the manager itself (INVALID).
   */
  ProcessId identify(long pid);

  /**
   * Looks whether a start would fail: program, directory, user, limits. Any thread; may block
   * shortly. Throws {@link io.hamlet.core.model.Refused} with CANNOT_START or NOT_PERMITTED.
   */
  void check(ProcessSpec spec);

  /**
   * Looks whether this manager could execute a program. Any thread; may block shortly. Throws
   * {@link io.hamlet.core.model.Refused} with CANNOT_START.
   */
  void checkProgram(String path);
}

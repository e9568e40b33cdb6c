package io.hamlet.manager.port;

import io.hamlet.core.recovery.Effect;

/** Signals and paths. Called on the core thread, never blocks, answers by the {@link Inbox}. */
public interface Notifier {
  /** Answers Done or Failed. */
  void signal(Effect.Signal effect);

  /** Answers Done when the path exists. */
  void awaitPath(Effect.AwaitPath effect);

  void forget(Effect.Forget effect);
}

package io.hamlet.manager.member;

import io.hamlet.core.recovery.Effect;
import io.hamlet.manager.port.Notifier;

/** Of a cluster's tree that waits for no path. */
final class NoPaths implements Notifier {
  @Override
  public void awaitPath(Effect.AwaitPath effect) {}

  @Override
  public void forget(Effect.Forget effect) {}

  @Override
  public void signal(Effect.Signal effect) {
    throw new IllegalStateException("a cluster signals by errands");
  }
}

package io.hamlet.manager.runtime;

import io.hamlet.core.recovery.Effect;
import io.hamlet.manager.port.ActivityLog;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.port.Notifier;
import io.hamlet.manager.port.ProcessControl;
import io.hamlet.manager.port.PulseBell;

/** Hands each effect to whoever performs it. Core thread only. */
public final class EffectRouter {
  private final Outside outside;
  private final BeatWatch beats;
  private final SilenceWatch silence;
  private final EventHistory history;
  private final boolean held;

  /**
   * @param held only what is told is done; what is to be done stays in the state for a successor
   */
  EffectRouter(
      Outside outside, BeatWatch beats, SilenceWatch silence, EventHistory history, boolean held) {
    this.held = held;
    this.silence = silence;
    this.outside = outside;
    this.beats = beats;
    this.history = history;
  }

  /**
   * The ports through which the loop acts.
   *
   * @param endNode ends this manager and its Guardian, in good order; called once
   */
  public record Outside(
      ProcessControl processes,
      Notifier notifier,
      PulseBell pulses,
      ActivityLog log,
      Courier courier,
      Runnable endNode) {}

  /** Performs an effect; an Answer is the loop's own business. */
  void perform(Effect effect) {
    if (held && !isTold(effect)) {
      return;
    }
    switch (effect) {
      case Effect.Prepare e -> outside.processes().prepare(e);
      case Effect.Go e -> outside.processes().go(e);
      case Effect.Abandon e -> outside.processes().abandon(e);
      case Effect.Watch e -> outside.processes().watch(e);
      case Effect.Unwatch e -> outside.processes().unwatch(e);
      case Effect.End e -> outside.processes().end(e);
      case Effect.Quell e -> outside.processes().quell(e);
      case Effect.AwaitPath e -> outside.notifier().awaitPath(e);
      case Effect.Forget e -> outside.notifier().forget(e);
      case Effect.Signal e -> outside.notifier().signal(e);
      case Effect.Ask e -> outside.courier().ask(e);
      case Effect.Report e -> outside.courier().report(e);
      case Effect.WriteLog e -> outside.log().write(e);
      case Effect.WatchBeats e -> beats.watch(e);
      case Effect.HealBeats e -> beats.heal(e);
      case Effect.UnwatchBeats e -> beats.unwatch(e);
      case Effect.SuspendBeats e -> beats.suspend(e);
      case Effect.WatchSilence e -> silence.watch(e);
      case Effect.UnwatchSilence e -> silence.unwatch(e);
      case Effect.PulsesWaiting e -> outside.pulses().waiting(e.pid(), e.channel());
      case Effect.Announce e -> history.add(e.happening());
      case Effect.EndNode e -> outside.endNode().run();
      case Effect.Answer e -> throw new IllegalStateException("not an effect for outside: " + e);
    }
  }

  private static boolean isTold(Effect effect) {
    return effect instanceof Effect.Announce
        || effect instanceof Effect.WriteLog
        // To end what may not run is always right.
        || effect instanceof Effect.Quell
        || effect instanceof Effect.EndNode;
  }
}

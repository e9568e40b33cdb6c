package io.hamlet.manager.port;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.recovery.Happening;
import java.util.List;

/** What happened lately, in order. Thread-safe. */
public interface History {
  /**
   * Up to {@code most} happenings after a position.
   *
   * @param after null: from the oldest known
   */
  Slice read(EffectId after, int most);

  /** The position of the newest happening that is known of; null: nothing has happened yet. */
  EffectId newest();

  /** Calls back, on any thread and quickly, after new happenings; close to end it. */
  AutoCloseable onNew(Runnable bell);

  /**
   * @param gap what was asked for is no longer known; the happenings begin later
   */
  record Slice(boolean gap, List<Happening> happenings) {}
}

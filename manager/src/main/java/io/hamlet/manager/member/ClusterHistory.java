package io.hamlet.manager.member;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.recovery.Happening;
import io.hamlet.manager.port.History;
import io.hamlet.manager.runtime.Bells;
import io.hamlet.manager.runtime.EventHistory;

/**
 * What happened in the cluster. Begins anew when a snapshot takes the place of entries: whoever had
 * read less is told of the gap. One thread adds, any thread reads.
 */
public final class ClusterHistory implements History {
  private final Bells bells = new Bells();
  private volatile EventHistory kept = begun(null);

  void add(Happening happening) {
    kept.add(happening);
  }

  /** What was told before is not known here, nor is this, but that it was. */
  void beginAfter(EffectId told) {
    kept = begun(told);
    bells.ring();
  }

  @Override
  public Slice read(EffectId after, int most) {
    return kept.read(after, most);
  }

  @Override
  public EffectId newest() {
    return kept.newest();
  }

  @Override
  public AutoCloseable onNew(Runnable bell) {
    return bells.add(bell);
  }

  private EventHistory begun(EffectId after) {
    EventHistory history = new EventHistory(EventHistory.DEFAULT_KEPT, after);
    history.onNew(bells::ring);
    return history;
  }
}

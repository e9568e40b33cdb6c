package io.hamlet.manager.replica;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.History;
import io.hamlet.manager.runtime.Bells;
import io.hamlet.manager.runtime.EventHistory;

/**
 * The history of a replica, which begins anew when a snapshot takes the place of what was there:
 * who reads on from an older position is then told that there is a gap. One thread adds, any thread
 * reads.
 */
final class MovingHistory implements History {
  /** Less than of the own tree: a voter has one of each node. */
  private static final long MOST_BYTES = 2L << 20;

  private final Bells bells = new Bells();
  private volatile EventHistory current = new EventHistory();

  /** What came before that state is not known. */
  EventHistory beginAt(HamState state) {
    EventHistory next = new EventHistory(EventHistory.DEFAULT_KEPT, MOST_BYTES, state.told());
    next.onNew(bells::ring);
    return next;
  }

  /** Shows another history, and has its readers look. */
  void become(EventHistory next) {
    current = next;
    bells.ring();
  }

  EventHistory current() {
    return current;
  }

  @Override
  public Slice read(EffectId after, int most) {
    return current.read(after, most);
  }

  @Override
  public EffectId newest() {
    return current.newest();
  }

  @Override
  public AutoCloseable onNew(Runnable bell) {
    return bells.add(bell);
  }
}

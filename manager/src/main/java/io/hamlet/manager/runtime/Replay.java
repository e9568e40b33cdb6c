package io.hamlet.manager.runtime;

import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Step;

/** Applies logged entries as a follower does: the state and the history grow, nothing is done. */
public final class Replay {
  private Replay() {}

  /**
   * A history that starts with this state: what was told before is not known any more, but that it
   * was is.
   */
  public static EventHistory history(HamState snapshot) {
    return new EventHistory(EventHistory.DEFAULT_KEPT, snapshot.told());
  }

  /**
   * @return the state after the entries
   * @throws IllegalStateException when an entry changes nothing, which a logged one always did
   */
  public static HamState of(HamState from, Iterable<Entry> entries, EventHistory history) {
    HamState state = from;
    for (Entry entry : entries) {
      Step step = HamMachine.apply(state, entry);
      if (!step.changed()) {
        throw new IllegalStateException(
            "entry " + entry.id() + " does not fit the state after " + state.last());
      }
      state = step.state();
      for (Effect effect : step.effects()) {
        if (effect instanceof Effect.Announce announce) {
          history.add(announce.happening());
        }
      }
    }
    return state;
  }
}

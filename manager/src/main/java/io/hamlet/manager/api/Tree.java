package io.hamlet.manager.api;

import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.History;

/**
 * A tree as it can be looked at here. Immutable but for its history.
 *
 * @param note what a reader should know of it; empty: it is the writer's own
 */
record Tree(HamState state, History history, String note) {
  String node() {
    return state.node();
  }
}

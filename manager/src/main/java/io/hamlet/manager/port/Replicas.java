package io.hamlet.manager.port;

import io.hamlet.core.recovery.HamState;

/** The trees of other nodes as far as they are kept here. Thread-safe. */
public interface Replicas {
  /** The newest that is known of that node's tree, or null. */
  Tree of(String node);

  /** A tree that may only be read. */
  interface Tree {
    HamState state();

    History history();
  }
}

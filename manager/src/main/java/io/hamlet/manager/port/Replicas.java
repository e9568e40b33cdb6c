package io.hamlet.manager.port;

import io.hamlet.core.recovery.HamState;

/** The trees of other nodes as far as they are kept here. Thread-safe. */
public interface Replicas {
  /** The newest that is known of that node's tree, or null. */
  Tree of(String node);

  /**
   * Calls back, on any thread and quickly, when a tree is here that was not; close to end it. Who
   * gets no more trees than there are has nothing to do.
   */
  default AutoCloseable onArrival(Runnable bell) {
    return () -> {};
  }

  /** A tree that may only be read. */
  interface Tree {
    HamState state();

    History history();
  }
}

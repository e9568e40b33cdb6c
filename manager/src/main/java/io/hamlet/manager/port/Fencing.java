package io.hamlet.manager.port;

import java.util.concurrent.CompletableFuture;

/** Turning other nodes off, and when that is asked for. Thread-safe; nothing here blocks. */
public interface Fencing {
  /** Of a cluster whose nodes cannot be turned off. */
  Fencing NONE =
      new Fencing() {
        @Override
        public Rule rule() {
          return Rule.NONE;
        }

        @Override
        public CompletableFuture<Void> off(String node) {
          return CompletableFuture.failedFuture(
              new UnsupportedOperationException("nothing is configured that turns nodes off"));
        }
      };

  /** When a node is turned off before what it was granted goes elsewhere. */
  enum Rule {
    /** Never. */
    NONE,
    /**
     * Where the end of its lease proves nothing: what is kept without quorum, and what is stuck.
     */
    WHEN_UNSURE,
    /** Always; the end of a lease is no proof at all. Its own word, or its leash's, still is. */
    REQUIRED
  }

  Rule rule();

  /**
   * Turns a node off.
   *
   * @return done when it is certainly off; failed with the reason if it may not be
   */
  CompletableFuture<Void> off(String node);
}

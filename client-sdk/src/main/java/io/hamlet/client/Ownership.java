package io.hamlet.client;

import java.time.Duration;

/** Who runs an entity of the cluster, as the node that does has said itself. Thread-safe. */
public interface Ownership {
  /** The node; empty: none. */
  String node();

  /** Of its newest start there, see {@link OwnerToken}; 0: none yet. */
  long token();

  /**
   * So much longer that node may run it, at least. Until then it runs elsewhere only when it has
   * ended there: moved, given up, ended with its managers, or turned off with its host. Zero: the
   * node has no right, or runs it without one, or was not reached; or this is too old. Counted by
   * this host's clock, which goes on in suspend, from before the node was asked.
   */
  Duration left();
}

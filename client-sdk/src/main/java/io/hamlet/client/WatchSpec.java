package io.hamlet.client;

/**
 * What to watch.
 *
 * @param path only events of this object and below; empty: all
 * @param from empty: from now; "0": from the oldest known; else what comes after that position
 * @param follow go on when all that is known has been told
 * @param everywhere of all nodes of the cluster and of its own tree, whichever node the connection
 *     is of; positions are then of all together, and are good for another such watch
 */
public record WatchSpec(String path, String from, boolean follow, boolean everywhere) {
  /** Everything of one tree, from now on. */
  public static final WatchSpec ALL = new WatchSpec("", "", true, false);

  public WatchSpec path(String only) {
    return new WatchSpec(only, from, follow, everywhere);
  }

  public WatchSpec from(String position) {
    return new WatchSpec(path, position, follow, everywhere);
  }

  public WatchSpec noFollow() {
    return new WatchSpec(path, from, false, everywhere);
  }

  /** On all nodes. */
  public WatchSpec onAllNodes() {
    return new WatchSpec(path, from, follow, true);
  }
}

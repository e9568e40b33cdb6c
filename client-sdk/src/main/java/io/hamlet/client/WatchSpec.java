package io.hamlet.client;

/**
 * What to watch.
 *
 * @param path only events of this object and below; empty: all
 * @param from empty: from now; "0": from the oldest known; else what comes after that position
 * @param follow go on when all that is known has been told
 */
public record WatchSpec(String path, String from, boolean follow) {
  /** Everything, from now on. */
  public static final WatchSpec ALL = new WatchSpec("", "", true);

  public WatchSpec path(String only) {
    return new WatchSpec(only, from, follow);
  }

  public WatchSpec from(String position) {
    return new WatchSpec(path, position, follow);
  }

  public WatchSpec noFollow() {
    return new WatchSpec(path, from, false);
  }
}

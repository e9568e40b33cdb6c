package io.hamlet.manager.member;

import io.hamlet.manager.wire.TreeNewsCodec.News;
import java.util.ArrayDeque;

/** The newest entries of the cluster's tree, for those who lack only few. Cluster thread. */
final class RecentEntries {
  private static final int MOST = 1_024;

  /** An entry may be as large as what a program stores. */
  static final int MOST_BYTES = 4 << 20;

  private final ArrayDeque<News.Committed> entries = new ArrayDeque<>();
  private long bytes;

  void add(News.Committed entry) {
    entries.add(entry);
    bytes += entry.command().length;
    while (entries.size() > MOST || bytes > MOST_BYTES) {
      bytes -= entries.removeFirst().command().length;
    }
  }

  /** In their order. */
  Iterable<News.Committed> all() {
    return entries;
  }

  /** Whether whoever has that needs no more than these. */
  boolean follow(long last) {
    return entries.stream().anyMatch(entry -> entry.after() == last);
  }

  long bytes() {
    return bytes;
  }

  void clear() {
    entries.clear();
    bytes = 0;
  }
}

package io.hamlet.manager.replica;

import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people should know of the replicas: the newest few, each once. Thread-safe. */
final class Notices {
  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
  private static final int KEPT = 16;

  private final ArrayDeque<String> told = new ArrayDeque<>();

  void tell(String notice) {
    synchronized (told) {
      if (!told.remove(notice)) {
        LOG.warn(notice);
      }
      told.add(notice);
      if (told.size() > KEPT) {
        told.remove();
      }
    }
  }

  List<String> newest() {
    synchronized (told) {
      return List.copyOf(told);
    }
  }
}

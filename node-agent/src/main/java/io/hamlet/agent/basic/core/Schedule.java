package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.Check;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** When which check runs; never two runs of one check at once. For one thread. */
final class Schedule {
  private final Map<String, Long> due = new HashMap<>();
  private final Map<String, Long> running = new HashMap<>();
  private long lastRun;

  /** Keeps the times of checks that stay; new ones are due at once. */
  void set(Collection<Check> checks, long mono) {
    Set<String> keys = new HashSet<>();
    for (Check check : checks) {
      keys.add(check.key());
      long latest = mono + check.options().interval().toMillis();
      due.merge(check.key(), mono, (old, now) -> Math.min(old, latest));
    }
    due.keySet().retainAll(keys);
  }

  /** The checks to start now; each counts as running from then on. */
  List<Check> start(Collection<Check> checks, long mono) {
    List<Check> ready = new ArrayList<>();
    for (Check check : checks) {
      long at = due.get(check.key());
      if (at <= mono && !running.containsKey(check.key())) {
        due.put(check.key(), mono + check.options().interval().toMillis());
        running.put(check.key(), ++lastRun);
        ready.add(check);
      }
    }
    return ready;
  }

  long run(String key) {
    return running.get(key);
  }

  /** False for a run that is not the one awaited. */
  boolean end(String key, long run) {
    return running.remove(key, run);
  }

  /** When the next one is due that does not run now; Long.MAX_VALUE: none. */
  long next() {
    return due.entrySet().stream()
        .filter(e -> !running.containsKey(e.getKey()))
        .mapToLong(Map.Entry::getValue)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}

package io.hamlet.it.check;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node is lost only if a majority did not hear it lately. Fed with what each voter hears. One
 * thread.
 */
public final class Heard {
  /** A loss is decided at most so long before it is known to be committed, in nanoseconds. */
  private static final long LATELY = 3_000_000_000L;

  private final Map<String, Map<String, Long>> deaf = new TreeMap<>();

  /** A voter that is there hears a node at that time, or does not. */
  public void sample(String voter, String node, boolean hears, long now) {
    if (!hears) {
      deaf.computeIfAbsent(node, n -> new TreeMap<>()).put(voter, now);
    }
  }

  /** A loss has become known. */
  public List<String> lost(String node, long now, int voters) {
    long silent =
        deaf.getOrDefault(node, Map.of()).values().stream()
            .filter(when -> when >= now - LATELY)
            .count();
    return silent > voters / 2
        ? List.of()
        : List.of(node + " is lost, though only " + silent + " of " + voters + " did not hear it");
  }
}

package io.hamlet.it.check;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node is lost only if a majority did not hear it lately. Fed with what each voter hears. One
 * thread.
 */
public final class Heard {
  /**
   * So long before a loss is known to be committed somebody did not hear it, in nanoseconds: what
   * is found is good for two seconds, and a proposal has two.
   */
  private static final long LATELY = 4_000_000_000L;

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

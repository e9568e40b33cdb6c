package io.hamlet.it.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A node is lost only if a majority did not hear it lately. Fed with what each voter hears. One
 * thread.
 */
public final class Heard {
  /**
   * So long before a loss is committed somebody did not hear it, in nanoseconds: what is found is
   * good for two seconds, and a proposal has two.
   */
  private static final long LATELY = 4_000_000_000L;

  private final Map<String, Map<String, NavigableSet<Long>>> deaf = new TreeMap<>();
  private final List<Voters> sets = new ArrayList<>();

  /** Who voted, and until when. */
  private record Voters(Set<String> voters, long until) {
    /** So many are no majority. */
    int most() {
      return voters.size() / 2;
    }
  }

  /** These vote now; what was found when others did is still good for a while. */
  public void vote(Set<String> voters, long now) {
    if (sets.isEmpty() || !sets.getLast().voters.equals(voters)) {
      sets.replaceAll(set -> set.until == Long.MAX_VALUE ? new Voters(set.voters, now) : set);
      sets.add(new Voters(new TreeSet<>(voters), Long.MAX_VALUE));
    }
  }

  /** A voter that is there hears a node at that time, or does not. */
  public void sample(String voter, String node, boolean hears, long now) {
    if (!hears) {
      deaf.computeIfAbsent(node, n -> new TreeMap<>())
          .computeIfAbsent(voter, v -> new TreeSet<>())
          .add(now);
    }
  }

  /**
   * A loss has become known.
   *
   * @param at when it was committed; that may become known much later
   */
  public List<String> lost(String node, long at) {
    Set<String> silent = new TreeSet<>();
    deaf.getOrDefault(node, Map.of())
        .forEach(
            (voter, times) -> {
              Long last = times.floor(at);
              if (last != null && last >= at - LATELY) {
                silent.add(voter);
              }
            });
    boolean judged =
        sets.stream()
            .filter(set -> set.until >= at - LATELY)
            .anyMatch(set -> set.voters.stream().filter(silent::contains).count() > set.most());
    return judged
        ? List.of()
        : List.of(
            node
                + " is lost at "
                + at
                + ", though only "
                + silent
                + " of "
                + sets
                + " did not hear it");
  }
}

package io.hamlet.it.vote;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * All that voters said was committed and all that callers were told, and whether both can be true:
 * one command at an index, a command at one index, each acknowledged one where it was told, and in
 * the order in which callers could see. Thread-safe.
 */
public final class VoteLedger {
  /** Told to a caller, in nanoseconds of this process. */
  private record Told(String command, long index, long asked, long answered) {}

  private final NavigableMap<Long, String> order = new TreeMap<>();
  private final Map<String, Long> places = new HashMap<>();
  private final Map<String, NavigableMap<Long, String>> byVoter = new TreeMap<>();
  private final List<Told> told = new ArrayList<>();
  private final List<String> contradictions = new ArrayList<>();

  synchronized void seen(String voter, long index, String command) {
    byVoter.computeIfAbsent(voter, v -> new TreeMap<>()).put(index, command);
    String other = order.putIfAbsent(index, command);
    if (other != null && !other.equals(command)) {
      contradictions.add(voter + " has " + command + " at " + index + ", another " + other);
    }
    Long place = places.putIfAbsent(command, index);
    if (place != null && place != index) {
      contradictions.add(command + " is at " + place + " and at " + index);
    }
  }

  synchronized void fault(String voter, String what) {
    contradictions.add(voter + ": " + what);
  }

  synchronized void acknowledged(String command, long index, long asked, long answered) {
    told.add(new Told(command, index, asked, answered));
  }

  public synchronized int acknowledgements() {
    return told.size();
  }

  /** The last index that somebody was told of. */
  public synchronized long newest() {
    return told.stream().mapToLong(Told::index).max().orElse(0);
  }

  /** A voter starts anew and is told everything again. */
  synchronized void begins(String voter) {
    byVoter.put(voter, new TreeMap<>());
  }

  /** What the newest run of a voter lacks of what was acknowledged. */
  public synchronized List<String> missing(String voter) {
    NavigableMap<Long, String> there = byVoter.getOrDefault(voter, new TreeMap<>());
    return told.stream()
        .filter(t -> !t.command.equals(there.get(t.index)))
        .map(t -> t.command + " at " + t.index)
        .toList();
  }

  /** What cannot be; empty when all is well. */
  public synchronized List<String> contradictions() {
    List<String> all = new ArrayList<>(contradictions);
    List<Told> byAnswer = new ArrayList<>(told);
    byAnswer.sort((a, b) -> Long.compare(a.answered, b.answered));
    List<Told> byQuestion = new ArrayList<>(told);
    byQuestion.sort((a, b) -> Long.compare(a.asked, b.asked));
    long highest = 0;
    int next = 0;
    for (Told later : byQuestion) {
      for (; next < byAnswer.size() && byAnswer.get(next).answered < later.asked; next++) {
        highest = Math.max(highest, byAnswer.get(next).index);
      }
      if (later.index <= highest) {
        all.add(later.command + " at " + later.index + " was asked after " + highest + " was told");
      }
    }
    return all;
  }
}

package io.hamlet.it.live;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** What a node has acknowledged, and which of its processes were killed. Thread-safe. */
final class Ledger {
  private final Set<String> there = new TreeSet<>();
  private final Set<String> gone = new TreeSet<>();
  private final Set<String> unsure = new TreeSet<>();
  private final List<String> recoverable = new ArrayList<>();
  private final Map<String, Set<String>> kills = new HashMap<>();

  /** Acknowledged: it is made. */
  synchronized void made(String path) {
    there.add(path);
    gone.remove(path);
    unsure.remove(path);
  }

  /** Acknowledged: it is removed. */
  synchronized void removed(String path) {
    there.remove(path);
    gone.add(path);
    unsure.remove(path);
  }

  /** No answer: it may be there or not. */
  synchronized void unknown(String path) {
    there.remove(path);
    gone.remove(path);
    unsure.add(path);
  }

  /** It has all that makes it come back. */
  synchronized void recoverable(String entity) {
    recoverable.add(entity);
  }

  /** One of those that must come back after a death; null when there is none. */
  synchronized String any(Random random) {
    return recoverable.isEmpty() ? null : recoverable.get(random.nextInt(recoverable.size()));
  }

  /** One process of the entity has been killed; twice told is once dead. */
  synchronized void killed(String entity, long pid, long startTime) {
    kills.computeIfAbsent(entity, e -> new HashSet<>()).add(pid + "@" + startTime);
  }

  /** Its killed processes, as pid@start. */
  synchronized Set<String> killed(String entity) {
    return Set.copyOf(kills.getOrDefault(entity, Set.of()));
  }

  synchronized int kills(String entity) {
    return kills.getOrDefault(entity, Set.of()).size();
  }

  synchronized int kills() {
    return kills.values().stream().mapToInt(Set::size).sum();
  }

  synchronized List<String> there() {
    return List.copyOf(there);
  }

  synchronized List<String> gone() {
    return List.copyOf(gone);
  }

  synchronized List<String> recoverable() {
    return List.copyOf(recoverable);
  }

  @Override
  public synchronized String toString() {
    return there.size() + " made, " + gone.size() + " removed, " + unsure.size() + " unsure";
  }
}

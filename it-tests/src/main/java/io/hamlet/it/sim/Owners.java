package io.hamlet.it.sim;

import io.hamlet.core.model.Name;
import io.hamlet.it.check.OneOwner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A {@link OneOwner} for each entity of the cluster. To {@code quorum-loss: keep} its exceptions do
 * not apply: a lease that is over moves nothing of it. One thread.
 */
final class Owners {
  private final Map<String, OneOwner> moved = new TreeMap<>();
  private final Map<String, OneOwner> kept = new TreeMap<>();
  private final Map<Long, Run> runs = new HashMap<>();
  private long last;

  private record Run(OneOwner of, long number) {}

  /**
   * @param recovery how soon each runs again; nanoseconds
   */
  Owners(Shape shape, long recovery) {
    for (Name name : ClusterWork.owned(shape)) {
      boolean keeps = name.equals(ClusterWork.KEPT);
      OneOwner one = new OneOwner(recovery);
      (keeps ? kept : moved).put(ClusterWork.program(name), one);
    }
  }

  /** A process began; returns its number. */
  long began(String program, String node, long token, long now, List<String> faults) {
    OneOwner one = moved.getOrDefault(program, kept.get(program));
    List<String> found = new ArrayList<>();
    runs.put(++last, new Run(one, one.began(node, token, now, found)));
    found.forEach(fault -> faults.add(program + ": " + fault));
    return last;
  }

  void ended(long run) {
    Run known = runs.remove(run);
    known.of.ended(known.number);
  }

  void paused(String node) {
    all().forEach(one -> one.paused(node));
  }

  /**
   * @param until when it may go wrong, for its clock stood still
   */
  void woke(String node, long until) {
    moved.values().forEach(one -> one.woke(node, until));
    kept.values().forEach(one -> one.woke(node, Long.MIN_VALUE));
  }

  /** What is kept is adopted by the next managers, and nobody else begins it. */
  void leftBehind(String node) {
    moved.values().forEach(one -> one.leftBehind(node));
  }

  void booted(String node) {
    all().forEach(one -> one.booted(node));
  }

  void hindered(long now) {
    all().forEach(one -> one.hindered(now));
  }

  void check(long now, List<String> faults) {
    each(faults, (one, found) -> one.check(now, found));
  }

  /** What is kept may wait for an operator instead. */
  void recovers(long now, List<String> faults) {
    each(moved, faults, (one, found) -> one.recovers(now, found));
  }

  void running(long now, List<String> faults) {
    each(moved, faults, (one, found) -> one.running(now, found));
  }

  long starts() {
    return all().stream().mapToLong(OneOwner::starts).sum();
  }

  private List<OneOwner> all() {
    List<OneOwner> all = new ArrayList<>(moved.values());
    all.addAll(kept.values());
    return all;
  }

  private void each(List<String> faults, BiConsumer<OneOwner, List<String>> what) {
    each(moved, faults, what);
    each(kept, faults, what);
  }

  private static void each(
      Map<String, OneOwner> those, List<String> faults, BiConsumer<OneOwner, List<String>> what) {
    those.forEach(
        (program, one) -> {
          List<String> found = new ArrayList<>();
          what.accept(one, found);
          found.forEach(fault -> faults.add(program + ": " + fault));
        });
  }
}

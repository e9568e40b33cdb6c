package io.hamlet.it.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What callers asked of a register that can be set, read and added to, and of names that can be
 * taken once, and what they were told; each by its name. Thread-safe.
 */
public final class Calls {
  private final Map<String, List<Linear.Call<Long>>> byObject = new TreeMap<>();

  /** A register is set; open if the outcome is not known. */
  public void set(String register, long value, long begin, long end) {
    note(register, "set " + value, begin, end, before -> value);
  }

  /** A register is read. */
  public void read(String register, long told, long begin, long end) {
    note(register, "read " + told, begin, end, before -> before == told ? before : null);
  }

  /**
   * A register has something added, and the sum is told.
   *
   * @param told unused if the outcome is not known
   */
  public void add(String register, long what, long told, long begin, long end) {
    note(
        register,
        end == Linear.OPEN ? "add " + what : "add " + what + ": " + told,
        begin,
        end,
        before -> end == Linear.OPEN || before + what == told ? before + what : null);
  }

  /**
   * A name is taken.
   *
   * @param was false: it was taken already; unused if the outcome is not known
   */
  public void take(String name, boolean was, long begin, long end) {
    change(name, "take", 1, was, begin, end);
  }

  /**
   * A name is freed.
   *
   * @param was false: it was free already; unused if the outcome is not known
   */
  public void free(String name, boolean was, long begin, long end) {
    change(name, "free", 0, was, begin, end);
  }

  /** It is looked up whether a name is taken. */
  public void see(String name, boolean taken, long begin, long end) {
    note(name, taken ? "taken" : "free", begin, end, now -> (now != 0) == taken ? now : null);
  }

  private void change(String name, String what, long after, boolean was, long begin, long end) {
    note(
        name,
        end == Linear.OPEN ? what : what + (was ? "" : ": in vain"),
        begin,
        end,
        before -> end == Linear.OPEN || (before != after) == was ? (Long) after : null);
  }

  private synchronized void note(
      String object, String what, long begin, long end, Linear.Effect<Long> effect) {
    byObject
        .computeIfAbsent(object, o -> new ArrayList<>())
        .add(new Linear.Call<>(what, begin, end, effect));
  }

  /** What cannot have happened one after the other; each object begins with 0, or free. */
  public synchronized List<String> faults() {
    List<String> faults = new ArrayList<>();
    byObject.forEach(
        (object, calls) -> {
          String fault = Linear.fault(0L, calls);
          if (!fault.isEmpty()) {
            faults.add(object + ": " + fault);
          }
        });
    return faults;
  }

  /** So many calls, and so many of them open. */
  public synchronized long[] counts() {
    List<Linear.Call<Long>> all = byObject.values().stream().flatMap(List::stream).toList();
    return new long[] {all.size(), all.stream().filter(c -> c.end() == Linear.OPEN).count()};
  }
}

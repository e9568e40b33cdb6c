package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.core.Happening.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sequences that run, and those that wait: one of each for a host. For one thread. */
final class Sequences {
  /** So long may the manager take to fire a condition, in milliseconds. */
  static final long PATIENCE = 30_000;

  private final Map<String, Sequence> running = new LinkedHashMap<>();
  private final Map<String, Sequence> waiting = new LinkedHashMap<>();
  private final Map<Long, Long> deadlines = new HashMap<>();
  private final List<Deed> deeds;

  Sequences(List<Deed> deeds) {
    this.deeds = deeds;
  }

  /** Only the newest change of a host waits. */
  void add(Sequence sequence, long mono) {
    Sequence older = waiting.remove(sequence.host());
    if (older != null) {
      tell(Level.WARNING, "sequence-superseded", older, "a newer change came before it began");
    }
    waiting.put(sequence.host(), sequence);
    deadlines.put(sequence.id(), mono + PATIENCE);
  }

  /** The manager fired that condition. */
  void fired(String host, String section) {
    Sequence sequence = waiting.get(host);
    // A more general section fires beside the one that was chosen, and is not meant.
    if (sequence != null && sequence.section().equals(section)) {
      waiting.put(host, sequence.in(Sequence.Phase.FIRED));
    }
  }

  /** The manager will not fire it. */
  void drop(long id, String why) {
    for (Sequence sequence : List.copyOf(waiting.values())) {
      if (sequence.id() == id && sequence.phase() == Sequence.Phase.ANNOUNCED) {
        waiting.remove(sequence.host());
        tell(Level.ERROR, "sequence-not-fired", sequence, why);
      }
    }
  }

  void expire(long mono) {
    for (Sequence sequence : List.copyOf(waiting.values())) {
      if (mono >= deadlines.getOrDefault(sequence.id(), Long.MAX_VALUE)) {
        drop(
            sequence.id(),
            "the manager did not fire its condition in "
                + PATIENCE / 1_000
                + " s; nothing was run (is it disabled or removed there?)");
      }
    }
    deadlines.keySet().retainAll(waiting.values().stream().map(Sequence::id).toList());
  }

  long next() {
    return waiting.values().stream()
        .filter(s -> s.phase() == Sequence.Phase.ANNOUNCED)
        .mapToLong(s -> deadlines.getOrDefault(s.id(), Long.MAX_VALUE))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Those whose turn has come; they count as running from then on. */
  List<Sequence> start(int atOnce) {
    List<Sequence> started = new ArrayList<>();
    Iterator<Sequence> queue = waiting.values().iterator();
    while (queue.hasNext() && running.size() < atOnce) {
      Sequence sequence = queue.next();
      if (sequence.phase() == Sequence.Phase.FIRED && !running.containsKey(sequence.host())) {
        queue.remove();
        Sequence now = sequence.in(Sequence.Phase.RUNNING);
        running.put(now.host(), now);
        started.add(now);
      }
    }
    return started;
  }

  /** Those of a host, the one that runs first. */
  List<Sequence> of(String host) {
    List<Sequence> found = new ArrayList<>();
    for (Map<String, Sequence> each : List.of(running, waiting)) {
      if (each.containsKey(host)) {
        found.add(each.get(host));
      }
    }
    return found;
  }

  /** Nothing of that host runs. */
  boolean isIdle(String host) {
    return !running.containsKey(host);
  }

  List<Sequence> running() {
    return List.copyOf(running.values());
  }

  /** Somebody else sees to that host, but for what runs. */
  void leave(String host) {
    waiting.remove(host);
  }

  /** Null when none of that number runs. */
  Sequence running(long id) {
    return running.values().stream().filter(s -> s.id() == id).findFirst().orElse(null);
  }

  void goOn(Sequence sequence) {
    running.put(sequence.host(), sequence);
  }

  void end(Sequence sequence) {
    running.remove(sequence.host());
  }

  void restore(Sequence sequence) {
    waiting.put(sequence.host(), sequence.in(Sequence.Phase.FIRED));
  }

  List<Sequence> all() {
    List<Sequence> all = new ArrayList<>(running.values());
    all.addAll(waiting.values());
    return all;
  }

  private void tell(Level level, String event, Sequence s, String text) {
    String which = "[" + s.section() + "] of sequence " + s.id() + ": " + text;
    deeds.add(new Deed.Tell(new Happening(level, event, s.host(), which)));
  }
}

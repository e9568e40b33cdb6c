package io.hamlet.manager.replica;

import io.hamlet.manager.log.Pace;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.AckLevels;
import io.hamlet.manager.port.Journal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** How far this node's log has got on its own disk and on those of the other voters. */
public final class Copies implements AckLevels {
  private final String own;
  private final Journal journal;
  private final Voters voters;
  private final Map<String, Long> durable = new ConcurrentHashMap<>();
  private final Pace pace = new Pace();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param own the name of this node
   */
  public Copies(String own, Journal journal, Voters voters) {
    this.own = own;
    this.journal = journal;
    this.voters = voters;
    journal.onDurable(index -> changed());
  }

  @Override
  public Ack usual() {
    return others(voters.names()) > 0 ? Ack.REPLICA : Ack.DURABLE;
  }

  @Override
  public long reached(Ack level) {
    return switch (level) {
      case LOCAL -> Long.MAX_VALUE;
      case DURABLE -> journal.durableIndex();
      case REPLICA -> replica(voters.names());
      case MAJORITY -> majority(voters.names());
    };
  }

  @Override
  public void awaited(Ack level, long index) {
    if (level.compareTo(Ack.DURABLE) >= 0) {
      journal.awaited(index);
    }
    if (level.compareTo(Ack.REPLICA) >= 0) {
      pace.awaited(index);
    }
  }

  /** That of the copies. */
  Pace pace() {
    return pace;
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Others vote than before. */
  public void votersChanged() {
    changed();
  }

  /** A replica has our log up to that entry on its disk. */
  void has(String node, long index) {
    long before = of(node);
    if (before < index) {
      durable.merge(node, index, Math::max);
      changed();
    }
  }

  /** A replica asks for what is behind that entry, so it has no more. */
  void hasNoMore(String node, long index) {
    durable.computeIfPresent(node, (name, before) -> Math.min(before, index));
  }

  /** Index of the newest entry that a node is known to have; -1: none. */
  long of(String node) {
    return durable.getOrDefault(node, -1L);
  }

  private long replica(List<String> names) {
    if (others(names) == 0) {
      return NEVER;
    }
    long most = 0;
    for (String name : names) {
      if (!name.equals(own)) {
        most = Math.max(most, of(name));
      }
    }
    return Math.min(most, journal.durableIndex());
  }

  /** What is on the disks of a majority; with one other voter at least, as its name promises. */
  private long majority(List<String> names) {
    if (others(names) == 0) {
      return NEVER;
    }
    long[] indexes = new long[names.size()];
    for (int i = 0; i < indexes.length; i++) {
      String name = names.get(i);
      indexes[i] = name.equals(own) ? journal.durableIndex() : Math.max(0, of(name));
    }
    Arrays.sort(indexes);
    long most = indexes[(indexes.length - 1) / 2];
    return Math.min(most, replica(names));
  }

  private long others(List<String> names) {
    return names.size() - (names.contains(own) ? 1 : 0);
  }

  private void changed() {
    listeners.forEach(Runnable::run);
  }
}

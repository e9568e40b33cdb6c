package io.hamlet.it.sim;

import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.port.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A journal in memory, whose disk moves when the test says so. Entries that have not reached the
 * disk are lost by {@link #loseWhatIsNotDurable}, as in a power cut. One thread.
 */
public final class ArrayJournal implements Journal {
  private final List<Entry> entries = new ArrayList<>();
  private final List<HamState> states = new ArrayList<>();
  private final List<LongConsumer> listeners = new ArrayList<>();
  private final long first;
  private boolean room = true;
  private boolean prompt = true;
  private long durable;

  /**
   * @param last index of the newest entry of the reign before, 0 for none
   */
  public ArrayJournal(long last) {
    this.first = last + 1;
    this.durable = last;
  }

  @Override
  public void append(Entry entry, HamState after) {
    if (entry.id().index() != first + entries.size()) {
      throw new IllegalArgumentException(entry.id() + " was appended out of turn");
    }
    entries.add(entry);
    states.add(after);
    if (prompt) {
      flush();
    }
  }

  @Override
  public boolean hasRoom() {
    return room;
  }

  @Override
  public long durableIndex() {
    return durable;
  }

  @Override
  public void onDurable(LongConsumer listener) {
    listeners.add(listener);
  }

  /** All entries of this reign, oldest first. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** The state after the newest entry, or null before the first. */
  public HamState newest() {
    return states.isEmpty() ? null : states.getLast();
  }

  /** Whether the disk follows at once; else only {@link #flush} moves it. */
  public void prompt(boolean follows) {
    prompt = follows;
  }

  /** Whether there is room. */
  public void room(boolean left) {
    room = left;
  }

  /** The disk catches up. */
  public void flush() {
    long last = first + entries.size() - 1;
    if (last > durable) {
      durable = last;
      List.copyOf(listeners).forEach(listener -> listener.accept(last));
    }
  }

  /** A power cut: what the disk does not have is gone. */
  public void loseWhatIsNotDurable() {
    int kept = (int) (durable - first + 1);
    entries.subList(kept, entries.size()).clear();
    states.subList(kept, states.size()).clear();
  }
}

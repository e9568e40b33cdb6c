package io.hamlet.it.sim;

import io.hamlet.core.model.ProcessId;
import io.hamlet.manager.port.BeatTable;
import java.util.function.Predicate;

/** A beat table in an array, for the simulator. Thread-safe, by one lock. */
public final class ArrayBeatTable implements BeatTable {
  private final Slot[] slots;
  private final Predicate<ProcessId> alive;

  /**
   * @param size number of slots
   * @param alive whether a holder may still beat
   */
  public ArrayBeatTable(int size, Predicate<ProcessId> alive) {
    this.slots = new Slot[size];
    this.alive = alive;
    for (int i = 0; i < size; i++) {
      slots[i] = new Slot();
    }
  }

  @Override
  public synchronized int take(long uid, ProcessId holder) {
    for (int i = 0; i < slots.length; i++) {
      if (slots[i].holder == null || !alive.test(slots[i].holder)) {
        slots[i].take(slots[i].generation + 1, holder);
        return i;
      }
    }
    return -1;
  }

  @Override
  public synchronized boolean claim(int slot, long generation, ProcessId holder) {
    if (!exists(slot) || generation < 1 || generation > Integer.MAX_VALUE) {
      return false;
    }
    Slot s = slots[slot];
    if (s.holder == null && s.generation <= generation) {
      s.take(generation, holder);
    }
    return s.isHeld(generation);
  }

  @Override
  public synchronized long generation(int slot) {
    return exists(slot) ? slots[slot].generation : 0;
  }

  @Override
  public synchronized long counter(int slot, long generation) {
    if (!exists(slot) || !slots[slot].isHeld(generation)) {
      return -1;
    }
    return slots[slot].called + slots[slot].stored;
  }

  @Override
  public synchronized void beat(int slot, long generation) {
    if (exists(slot) && slots[slot].isHeld(generation)) {
      slots[slot].called++;
    }
  }

  @Override
  public synchronized void free(int slot, long generation) {
    if (exists(slot) && slots[slot].isHeld(generation)) {
      slots[slot].holder = null;
    }
  }

  /** Nobody can map an array. */
  @Override
  public Location locate(int slot) {
    return null;
  }

  /** What a process that could map it would do: any word, at any time, of any slot. */
  public synchronized void store(int slot, long word) {
    if (word >>> 32 == slots[slot].generation) {
      slots[slot].stored = word & 0xFFFF_FFFFL;
    }
  }

  private boolean exists(int slot) {
    return slot >= 0 && slot < slots.length;
  }

  private static final class Slot {
    private long generation;
    private ProcessId holder;
    private long called;
    private long stored;

    void take(long next, ProcessId by) {
      generation = next;
      holder = by;
      called = 0;
      stored = 0;
    }

    boolean isHeld(long wanted) {
      return holder != null && generation == wanted;
    }
  }
}

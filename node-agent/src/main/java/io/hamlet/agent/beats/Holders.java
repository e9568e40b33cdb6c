package io.hamlet.agent.beats;

import io.hamlet.core.model.ProcessId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Who holds which word of a block, in a mapped file that only the manager's user can open. It
 * outlives the manager; each change is one store, made last, so that a kill at any instant leaves
 * the slot either taken or free.
 */
final class Holders {
  private static final VarHandle FIELD = ValueLayout.JAVA_LONG.varHandle();
  private static final long TAKEN = 1L << 32;
  private static final long MAX_GENERATION = Integer.MAX_VALUE;

  private static final int STATE = 0;
  private static final int PID = 8;
  private static final int START = 16;
  private static final int CALLED = 24;
  private static final int STORED = 32;
  private static final int RECORD = 40;

  private final MemorySegment records;

  private Holders(MemorySegment records) {
    this.records = records;
  }

  static Holders map(Path file, int slots, Arena arena) throws IOException {
    try (FileChannel channel = BeatFiles.open(file, (long) slots * RECORD)) {
      return new Holders(
          channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) slots * RECORD, arena));
    }
  }

  boolean isTaken(int word) {
    return (state(word) & TAKEN) != 0;
  }

  boolean isHeld(int word, long generation) {
    return state(word) == (generation | TAKEN);
  }

  long generation(int word) {
    return state(word) & ~TAKEN;
  }

  ProcessId holder(int word) {
    return new ProcessId(get(word, PID), get(word, START));
  }

  /** Takes a free word under its next generation. */
  void take(int word, ProcessId holder) {
    long last = generation(word);
    take(word, last == 0 ? first() : last < MAX_GENERATION ? last + 1 : 1, holder);
  }

  /** Drawn, so that who beats under what a lost table gave him does not beat for another here. */
  private static long first() {
    return ThreadLocalRandom.current().nextLong(1, MAX_GENERATION / 2);
  }

  void take(int word, long generation, ProcessId holder) {
    set(word, PID, holder.pid());
    set(word, START, holder.startTime());
    set(word, CALLED, 0);
    set(word, STORED, 0);
    FIELD.setRelease(records, at(word, STATE), generation | TAKEN);
  }

  void free(int word) {
    FIELD.setRelease(records, at(word, STATE), generation(word));
  }

  /** Counts a beat of one that calls. */
  void call(int word) {
    FIELD.getAndAdd(records, at(word, CALLED), 1L);
  }

  /** Keeps the last good counter its holder stored, so that a bad word changes nothing. */
  void stored(int word, long counter) {
    set(word, STORED, counter);
  }

  long beats(int word) {
    return (get(word, CALLED) + get(word, STORED)) & Long.MAX_VALUE;
  }

  static boolean isGeneration(long generation) {
    return generation > 0 && generation <= MAX_GENERATION;
  }

  private long state(int word) {
    return (long) FIELD.getAcquire(records, at(word, STATE));
  }

  private long get(int word, int field) {
    return (long) FIELD.getOpaque(records, at(word, field));
  }

  private void set(int word, int field, long value) {
    FIELD.setOpaque(records, at(word, field), value);
  }

  private static long at(int word, int field) {
    return (long) word * RECORD + field;
  }
}

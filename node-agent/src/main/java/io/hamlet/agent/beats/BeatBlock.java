package io.hamlet.agent.beats;

import io.hamlet.core.model.ProcessId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.function.Predicate;

/**
 * A number of slots for the processes of one user: the file they map and, beside it, who holds
 * what. Reading and counting is for any thread; giving out and taking back is for one at a time.
 */
final class BeatBlock {
  /** Eight pages of words; further blocks are added as needed. */
  static final int SLOTS = 4096;

  private final long uid;
  private final Path file;
  private final Words words;
  private final Holders holders;
  private final BitSet taken = new BitSet(SLOTS);

  /** Opens the block, made if need be. */
  BeatBlock(Path directory, int number, long uid, boolean own, Arena arena) throws IOException {
    this.uid = uid;
    this.file = directory.resolve("beats-" + uid + "-" + number);
    this.holders = Holders.map(directory.resolve("holders-" + uid + "-" + number), SLOTS, arena);
    this.words = own ? Words.ofOwnUser(file, SLOTS, arena) : Words.ofOtherUser(file, uid, SLOTS);
    for (int word = 0; word < SLOTS; word++) {
      taken.set(word, holders.isTaken(word));
    }
  }

  long uid() {
    return uid;
  }

  Path file() {
    return file;
  }

  /** A word that was free, or -1. */
  int take(ProcessId holder) {
    int word = taken.nextClearBit(0);
    if (word >= SLOTS) {
      return -1;
    }
    holders.take(word, holder);
    taken.set(word);
    return word;
  }

  boolean claim(int word, long generation, ProcessId holder) {
    if (holders.isHeld(word, generation)) {
      return true;
    }
    if (holders.isTaken(word) || holders.generation(word) > generation) {
      return false;
    }
    holders.take(word, generation, holder);
    taken.set(word);
    return true;
  }

  void free(int word, long generation) {
    if (holders.isHeld(word, generation)) {
      holders.free(word);
      taken.clear(word);
    }
  }

  /** Frees what the dead still hold. */
  void sweep(Predicate<ProcessId> alive) {
    for (int word = taken.nextSetBit(0); word >= 0; word = taken.nextSetBit(word + 1)) {
      if (!alive.test(holders.holder(word))) {
        holders.free(word);
        taken.clear(word);
      }
    }
  }

  long generation(int word) {
    return holders.generation(word);
  }

  long counter(int word, long generation) {
    if (!holders.isHeld(word, generation)) {
      return -1;
    }
    long stored = words.get(word);
    if (stored >>> 32 == generation) {
      holders.stored(word, stored & 0xFFFF_FFFFL);
    }
    return holders.beats(word);
  }

  void beat(int word, long generation) {
    if (holders.isHeld(word, generation)) {
      holders.call(word);
    }
  }

  void close() {
    words.close();
  }
}

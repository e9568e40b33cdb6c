package io.hamlet.manager.port;

/**
 * Where beats are counted: one word a slot, (generation, counter), written by the entity itself
 * with one store, or by this manager for those who call. Architecture.md 2; red-team.md C5.
 */
public interface BeatTable {
  /**
   * A free slot with a new generation, or -1 when all are taken. Any thread.
   *
   * @param uid user id of the process that will map it
   */
  int take(long uid);

  /** The generation of a slot, 1 or more. */
  long generation(int slot);

  /** The counter of a slot if its word is of that generation, else -1. Any thread. */
  long counter(int slot, long generation);

  /** Counts a beat on behalf of a caller. Any thread. */
  void beat(int slot, long generation);

  /** Gives a slot back; its holder must be dead or never have had it. Any thread. */
  void free(int slot, long generation);
}

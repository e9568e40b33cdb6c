package io.hamlet.manager.port;

import io.hamlet.core.model.ProcessId;

/**
 * Where beats are counted: one word a slot, (generation, counter), written by the entity itself
 * with one store; beside it, what this manager counts for those who call. Thread-safe.
 * Architecture.md 2; red-team.md C5.
 *
 * <p>Slots and generations may come from a stranger: one that was never given out is no error, it
 * just counts nothing.
 */
public interface BeatTable {
  /**
   * A free slot with a new generation, or -1 when there is none for that user. It is given out
   * again only after {@link #free}, or when its holder is dead.
   *
   * @param uid user id of the process that will map it
   * @param holder the process that will beat
   */
  int take(long uid, ProcessId holder);

  /**
   * Finds a slot taken under an earlier manager again, or takes just that one.
   *
   * @return false: there is no such slot now, or another holds it; its beats cannot be seen
   */
  boolean claim(int slot, long generation, ProcessId holder);

  /** The newest generation of a slot, 1 to 2^31-1; 0 for one that was never taken. */
  long generation(int slot);

  /**
   * The beats counted in a slot under that generation, in no unit: only a change means a beat.
   * Words of another generation do not change it. -1 when the slot is not held under that
   * generation.
   */
  long counter(int slot, long generation);

  /** Counts a beat on behalf of a caller. */
  void beat(int slot, long generation);

  /** Gives a slot back; its holder must be dead or never have had it. Once; later is ignored. */
  void free(int slot, long generation);

  /**
   * Where the holder of a slot stores its word; one who cannot map it calls instead. Null when
   * there is nothing to map.
   */
  Location locate(int slot);

  /**
   * A place to store beats.
   *
   * @param path of a file that the holder can map
   * @param offset of the 8-byte word in it, native byte order
   */
  record Location(String path, long offset) {}
}

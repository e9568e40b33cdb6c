package io.hamlet.manager.log;

/**
 * A point of a history: an entry and the checksum that chains it to all before it. Two logs that
 * have the same mark have the same history up to there.
 */
record Mark(long index, int checksum) {
  /** Before the first entry. */
  static final Mark ZERO = new Mark(0, 0);

  @Override
  public String toString() {
    return "entry %d (checksum %08x)".formatted(index, checksum);
  }
}

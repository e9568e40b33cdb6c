package io.hamlet.manager.log;

import java.nio.ByteBuffer;

/**
 * A point of a history: an entry and the checksum that chains it to all before it. Two logs that
 * have the same mark have the same history up to there.
 */
public record Mark(long index, int checksum) {
  /** Before the first entry. */
  public static final Mark ZERO = new Mark(0, 0);

  /** The mark of the entry that follows with these bytes. */
  public Mark after(byte[] payload) {
    return new Mark(index + 1, Slot.checksum(checksum, index + 1, ByteBuffer.wrap(payload)));
  }

  @Override
  public String toString() {
    return "entry %d (checksum %08x)".formatted(index, checksum);
  }
}

package io.hamlet.manager.log;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One entry in a segment: commit word (the index), length, checksum, payload, padded to 8 bytes.
 * The commit word is stored last, so a writer killed anywhere leaves either the whole entry or
 * none.
 */
final class Slot {
  /** Bytes before the payload. */
  static final int HEADER = 16;

  private static final int LENGTH = 8;
  private static final int CHECKSUM = 12;

  /** The commit word that says: the log goes on in another segment. No index is negative. */
  private static final long SEAL = -1;

  private Slot() {}

  /** What stands at an offset. */
  sealed interface Found {}

  /**
   * @param next offset of the slot after it
   */
  record Entry(Mark mark, ByteBuffer payload, long next) implements Found {}

  /** Nothing is committed here, or not yet. */
  record Nothing() implements Found {}

  /** The segment is complete. */
  record Sealed() implements Found {}

  /** What stands here was damaged after it was written, or only half reached the disk. */
  record Bad(String why) implements Found {}

  /** Bytes that an entry takes. */
  static long size(int payload) {
    return HEADER + (payload + 7L & ~7L);
  }

  /** Writes an entry into a free slot and commits it. */
  static Mark write(MemorySegment segment, long at, Mark before, byte[] payload) {
    long index = before.index() + 1;
    int checksum = checksum(before.checksum(), index, ByteBuffer.wrap(payload));
    Words.COMMIT.setRelease(segment, at, 0L);
    VarHandle.storeStoreFence();
    MemorySegment.copy(MemorySegment.ofArray(payload), 0, segment, at + HEADER, payload.length);
    segment.set(Words.INT, at + LENGTH, payload.length);
    segment.set(Words.INT, at + CHECKSUM, checksum);
    Words.COMMIT.setRelease(segment, at, index);
    return new Mark(index, checksum);
  }

  /** Ends a segment; there must be a word left. */
  static void seal(MemorySegment segment, long at) {
    Words.COMMIT.setRelease(segment, at, SEAL);
  }

  /** Reads what stands at an offset, which another process may be writing. */
  static Found read(MemorySegment segment, long at, Mark before) {
    if (at + HEADER > segment.byteSize()) {
      return at + 8 <= segment.byteSize() && (long) Words.COMMIT.getAcquire(segment, at) == SEAL
          ? new Sealed()
          : new Nothing();
    }
    long index = (long) Words.COMMIT.getAcquire(segment, at);
    if (index == 0) {
      return new Nothing();
    }
    if (index == SEAL) {
      return new Sealed();
    }
    if (index != before.index() + 1) {
      return new Bad("index " + index + " follows " + before.index());
    }
    int length = segment.get(Words.INT, at + LENGTH);
    if (length < 0 || at + HEADER + length > segment.byteSize()) {
      return new Bad("entry " + index + " is cut short");
    }
    ByteBuffer payload = segment.asSlice(at + HEADER, length).asByteBuffer();
    int stored = segment.get(Words.INT, at + CHECKSUM);
    if (checksum(before.checksum(), index, payload.duplicate()) != stored) {
      return new Bad("entry " + index + " has a wrong checksum");
    }
    return new Entry(new Mark(index, stored), payload, at + size(length));
  }

  static int checksum(int before, long index, ByteBuffer payload) {
    ByteBuffer head = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(before).putInt(payload.remaining()).putLong(index).flip();
    CRC32C crc = new CRC32C();
    crc.update(head);
    crc.update(payload);
    return (int) crc.getValue();
  }
}

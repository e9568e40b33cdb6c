package io.hamlet.manager.consensus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * The entries of one segment file: {@code RaftLog1}, then for each entry its length (varint), its
 * bytes, and CRC32C over both; then zeros up to the preallocated end.
 */
final class SegmentWalk {
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
  private static final int SECTOR = 512;
  private static final int SUM = 4;

  private final byte[] bytes;
  private long next;
  private int at;
  private int frameEnd;

  /**
   * @param first the index that the first entry must have
   */
  SegmentWalk(byte[] bytes, long first) {
    this.bytes = bytes;
    this.next = first;
  }

  /** Walks over all whole entries; gives the index of the last, first - 1 if there is none. */
  long toEnd() {
    if (bytes.length >= HEADER.length
        && Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length)) {
      at = HEADER.length;
      while (step()) {
        next++;
      }
    } else {
      frameEnd = HEADER.length;
    }
    return last();
  }

  long last() {
    return next - 1;
  }

  /** Where the last whole entry ends. */
  int end() {
    return at;
  }

  /** Nothing but zeros follows. */
  boolean isClean() {
    return at >= HEADER.length && lastByte() < at;
  }

  /**
   * What follows is the beginning of one entry, and all that was ever written: from some sector of
   * the disk on, there are only zeros, and the entry does not end before that.
   */
  boolean isTorn() {
    int written = lastByte() + 1;
    int missing = (written + SECTOR - 1) / SECTOR * SECTOR;
    return frameEnd > at && written < frameEnd && (missing < frameEnd || bytes.length < frameEnd);
  }

  private boolean step() {
    frameEnd = 0;
    int position = at;
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      if (position >= bytes.length || shift > 28) {
        // A length that is cut off itself belongs to an entry that ends somewhere behind.
        frameEnd = shift > 28 || position == at ? 0 : bytes.length + 1;
        return false;
      }
      byte part = bytes[position++];
      length |= (part & 0x7f) << shift;
      if (part >= 0) {
        break;
      }
    }
    if (length <= 0 || length > Integer.MAX_VALUE - position - SUM) {
      return false;
    }
    frameEnd = position + length + SUM;
    return frameEnd <= bytes.length && isEntry(position, length);
  }

  private boolean isEntry(int from, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, at, from + length - at);
    if (ByteBuffer.wrap(bytes, from + length, SUM).getInt() != (int) sum.getValue()) {
      return false;
    }
    try {
      ByteBuffer entry = ByteBuffer.wrap(bytes, from, length);
      if (LogEntryProto.parseFrom(entry).getIndex() != next) {
        return false;
      }
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
    at = from + length + SUM;
    return true;
  }

  /** The last byte that is not zero, or -1. */
  private int lastByte() {
    int i = bytes.length - 1;
    while (i >= 0 && bytes[i] == 0) {
      i--;
    }
    return i;
  }
}

package io.hamlet.manager.log;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The first kilobyte of a segment: whose log, in which reign, and after which entry. A segment
 * whose magic is zero was set aside but never used.
 *
 * @param node whose tree
 * @param boot names the boot it was written in
 * @param sequence of the segment; rises over reigns and boots
 * @param before the last valid entry of the segment before it
 */
record SegmentHeader(
    String node, String boot, long incarnation, long epoch, long sequence, Mark before) {
  /** Bytes before the first slot. */
  static final int BYTES = 1024;

  /** Raised when an older reader would misread; a new field of an entry does not need it. */
  static final int FORMAT = 1;

  private static final long MAGIC = 0x31_47_4f_4c_4d_4c_41_48L; // "HALMLOG1", little endian
  private static final int MOST_TEXT = 440;

  SegmentHeader {
    if (utf8(node).length > MOST_TEXT || utf8(boot).length > MOST_TEXT) {
      throw new IllegalArgumentException("the name of the node or boot is too long for a log");
    }
  }

  SegmentHeader following(long nextSequence, Mark last) {
    return new SegmentHeader(node, boot, incarnation, epoch, nextSequence, last);
  }

  /**
   * Makes a zeroed segment the current one; the magic last, so that a reader sees all or nothing.
   */
  void write(MemorySegment segment) {
    byte[] bytes = bytes();
    MemorySegment.copy(MemorySegment.ofArray(bytes), 8, segment, 8, BYTES - 8);
    Words.COMMIT.setRelease(segment, 0L, MAGIC);
  }

  /** Empty when the segment was never used; throws {@link Damaged} when its header is broken. */
  static Optional<SegmentHeader> read(MemorySegment segment) throws Damaged {
    if (segment.byteSize() < BYTES) {
      return Optional.empty();
    }
    long magic = (long) Words.COMMIT.getAcquire(segment, 0L);
    if (magic == 0) {
      return Optional.empty();
    }
    byte[] bytes = new byte[BYTES];
    segment.asSlice(0, BYTES).asByteBuffer().get(bytes);
    return Optional.of(parse(bytes));
  }

  /** Reads what {@link #bytes} wrote. */
  static SegmentHeader parse(byte[] bytes) throws Damaged {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getLong() != MAGIC || checksum(bytes) != in.getInt(BYTES - 4)) {
      throw new Damaged("its header is damaged");
    }
    int format = in.getInt();
    if (format != FORMAT) {
      throw new StateUnreadable(
          "a log segment has format "
              + format
              + ", and this version of Hamlet reads "
              + FORMAT
              + "; start the version that wrote it");
    }
    int check = in.getInt();
    long incarnation = in.getLong();
    long epoch = in.getLong();
    long sequence = in.getLong();
    long index = in.getLong();
    String node = text(in);
    String boot = text(in);
    return new SegmentHeader(node, boot, incarnation, epoch, sequence, new Mark(index, check));
  }

  byte[] bytes() {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC).putInt(FORMAT).putInt(before.checksum());
    out.putLong(incarnation).putLong(epoch).putLong(sequence).putLong(before.index());
    put(out, node);
    put(out, boot);
    out.putInt(BYTES - 4, checksum(out.array()));
    return out.array();
  }

  private static int checksum(byte[] header) {
    CRC32C crc = new CRC32C();
    crc.update(header, 0, BYTES - 4);
    return (int) crc.getValue();
  }

  private static void put(ByteBuffer out, String text) {
    byte[] bytes = utf8(text);
    out.putShort((short) bytes.length).put(bytes);
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.getShort()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A file that is not what it should be; the message goes on from the name of the file. */
  static final class Damaged extends Exception {
    Damaged(String message) {
      super(message);
    }
  }
}

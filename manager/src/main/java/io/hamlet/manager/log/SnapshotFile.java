package io.hamlet.manager.log;

import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.disk.Durable;
import io.hamlet.manager.wire.StateCodec;
import io.hamlet.manager.wire.WireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** A snapshot as a file: the state, and the place in the log that it stands for. */
final class SnapshotFile {
  /** What a file is called until it is complete. */
  static final String UNFINISHED = "unfinished-";

  private static final long MAGIC = 0x31_50_41_4e_53_4d_41_48L; // "HAMSNAP1", little endian
  private static final int FORMAT = 1;
  private static final int REIGN = 48;
  private static final int HEADER = REIGN + SegmentHeader.BYTES;

  private SnapshotFile() {}

  /**
   * What a snapshot says.
   *
   * @param reign the header of the segment it stands in
   */
  record Snapshot(SegmentHeader reign, Place place, HamState state) {}

  /** As {@link Snapshot}, with the state in bytes. */
  record Raw(SegmentHeader reign, Place place, byte[] state) {
    LogSnapshot snapshot() {
      return new LogSnapshot(ReignId.of(reign), place.mark(), state);
    }
  }

  /** The bytes of a snapshot file. */
  static byte[] encode(SegmentHeader reign, Place place, HamState state) {
    return encode(reign, place, StateCodec.encode(state));
  }

  /** As above, of a state in bytes. */
  static byte[] encode(SegmentHeader reign, Place place, byte[] payload) {
    ByteBuffer out = ByteBuffer.allocate(HEADER + payload.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC).putInt(FORMAT).putInt(0);
    out.putLong(place.mark().index()).putLong(place.sequence()).putLong(place.offset());
    out.putInt(place.mark().checksum()).putInt(payload.length);
    out.put(reign.bytes()).put(payload);
    out.putInt(12, checksum(out.array()));
    return out.array();
  }

  /** Puts a snapshot in its place, whole or not at all. */
  static void write(LogDirectory directory, Place place, byte[] bytes, boolean force)
      throws IOException {
    Path target = directory.snapshot(place);
    Path unfinished = directory.path().resolve(UNFINISHED + target.getFileName());
    try {
      Durable.make(unfinished, bytes, force);
    } catch (IOException e) {
      Files.deleteIfExists(unfinished);
      throw new IOException(
          "cannot write a snapshot to " + directory.path() + ": " + e.getMessage(), e);
    }
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    if (force) {
      directory.force();
    }
  }

  /** Throws {@link SegmentHeader.Damaged}, and {@link StateUnreadable} for a newer format. */
  static Snapshot read(Path file) throws IOException, SegmentHeader.Damaged {
    Raw raw = raw(file);
    try {
      return new Snapshot(raw.reign(), raw.place(), StateCodec.decode(raw.state()));
    } catch (WireException e) {
      // The checksum is right, so these bytes are what somebody meant to write.
      throw new StateUnreadable(
          file + ": " + e.getMessage() + "; start the version of Hamlet that wrote it", e);
    }
  }

  /** Where a snapshot stands, by its beginning alone. Throws like {@link #read}. */
  static Place place(Path file) throws IOException, SegmentHeader.Damaged {
    ByteBuffer in = ByteBuffer.allocate(REIGN).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (in.hasRemaining() && channel.read(in) >= 0) {
        // A short read is followed by another.
      }
    }
    if (in.hasRemaining() || in.flip().getLong() != MAGIC || in.getInt() != FORMAT) {
      throw new SegmentHeader.Damaged("it is no snapshot or is cut short");
    }
    in.getInt();
    return place(in);
  }

  /** Throws like {@link #read}. */
  static Raw raw(Path file) throws IOException, SegmentHeader.Damaged {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < HEADER || in.getLong() != MAGIC) {
      throw new SegmentHeader.Damaged("it is no snapshot or is cut short");
    }
    int format = in.getInt();
    int stored = in.getInt();
    in.putInt(12, 0);
    if (checksum(bytes) != stored) {
      throw new SegmentHeader.Damaged("its checksum is wrong");
    }
    if (format != FORMAT) {
      throw new StateUnreadable(
          file
              + " has format "
              + format
              + ", and this version of Hamlet reads "
              + FORMAT
              + "; start the version that wrote it");
    }
    Place place = place(in);
    byte[] payload = new byte[in.getInt()];
    byte[] reign = new byte[SegmentHeader.BYTES];
    in.get(reign).get(payload);
    return new Raw(SegmentHeader.parse(reign), place, payload);
  }

  private static Place place(ByteBuffer in) {
    long index = in.getLong();
    long sequence = in.getLong();
    long offset = in.getLong();
    return new Place(sequence, offset, new Mark(index, in.getInt()));
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 12);
    crc.update(bytes, 16, bytes.length - 16);
    return (int) crc.getValue();
  }
}

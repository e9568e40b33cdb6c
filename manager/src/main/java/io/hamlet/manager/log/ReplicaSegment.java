package io.hamlet.manager.log;

import io.hamlet.manager.disk.Durable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file of a replica's log that is being written. Confined to one thread at a time. */
final class ReplicaSegment implements AutoCloseable {
  private static final long FULL = 4 * 1024 * 1024;

  private final FileChannel out;
  private Place end;

  private ReplicaSegment(FileChannel out, Place end) {
    this.out = out;
    this.end = end;
  }

  /** The header is on disk before any entry is: a segment without one holds nothing. */
  static ReplicaSegment create(LogDirectory disk, SegmentHeader header) throws IOException {
    FileChannel out =
        FileChannel.open(
            disk.segment(header.sequence()),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    try {
      Durable.write(out, ByteBuffer.wrap(header.bytes()), 0);
      out.force(true);
      disk.force();
    } catch (IOException e) {
      out.close();
      Files.deleteIfExists(disk.segment(header.sequence()));
      throw e;
    }
    Place end = new Place(header.sequence(), SegmentHeader.BYTES, header.before());
    return new ReplicaSegment(out, end);
  }

  boolean isFull() {
    return end.offset() >= FULL;
  }

  /** Writes and forces; where the log ends then. Throws when one does not follow the other. */
  Place append(List<LogPiece> pieces) throws IOException {
    long bytes = 0;
    for (LogPiece piece : pieces) {
      bytes += Slot.size(piece.payload().length);
    }
    MemorySegment slots = Arena.ofAuto().allocate(bytes, Long.BYTES);
    long at = 0;
    Mark mark = end.mark();
    for (LogPiece piece : pieces) {
      mark = Slot.write(slots, at, mark, piece.payload());
      if (!mark.equals(piece.mark())) {
        throw new IllegalArgumentException(piece.mark() + " came where " + mark + " is due");
      }
      at += Slot.size(piece.payload().length);
    }
    Durable.write(out, slots.asByteBuffer(), end.offset());
    out.force(false);
    end = new Place(end.sequence(), end.offset() + bytes, mark);
    return end;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}

package io.hamlet.manager.log;

import io.hamlet.manager.disk.Runway;
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

  private final Runway out;
  private Place end;

  private ReplicaSegment(Runway out, Place end) {
    this.out = out;
    this.end = end;
  }

  /** The header is on disk before any entry is: a segment without one holds nothing. */
  static ReplicaSegment create(LogDirectory disk, SegmentHeader header) throws IOException {
    Runway out =
        new Runway(
            FileChannel.open(
                disk.segment(header.sequence()),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
    try {
      out.write(ByteBuffer.wrap(header.bytes()), 0);
      out.force(true);
      disk.force();
    } catch (IOException e) {
      out.close(0);
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
    out.write(slots.asByteBuffer(), end.offset());
    out.force(false);
    end = new Place(end.sequence(), end.offset() + bytes, mark);
    return end;
  }

  /** Also takes away what was written of an append that failed. */
  @Override
  public void close() throws IOException {
    out.close(end.offset());
  }
}

package io.hamlet.manager.log;

import io.hamlet.manager.disk.Durable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Brings the durable log to where a new reign begins: takes away what is not part of the history,
 * adds what the live log has beyond it, and puts a snapshot there. Thread of the durable copy; each
 * step may be repeated.
 */
final class DurableRepair {
  private final LogDirectory disk;
  private final LogDirectory live;

  DurableRepair(LogDirectory disk, LogDirectory live) {
    this.disk = disk;
    this.live = live;
  }

  /** Cuts everything behind a place; the bytes are kept in a file beside. */
  void cut(Place end) throws IOException {
    for (long sequence : disk.segments()) {
      if (sequence > end.sequence()) {
        Files.move(disk.segment(sequence), disk.aside(sequence, 0));
      }
    }
    Path last = disk.segment(end.sequence());
    if (!Files.exists(last) || Files.size(last) <= end.offset()) {
      return;
    }
    keepTail(disk, end);
    try (FileChannel out = FileChannel.open(last, StandardOpenOption.WRITE)) {
      out.truncate(end.offset());
      out.force(true);
    }
    disk.force();
  }

  /** Saves what stands behind a place, unless it is a seal or nothing. */
  void keepTail(LogDirectory directory, Place end) throws IOException {
    MemorySegment all = directory.load(directory.segment(end.sequence()));
    if (all.byteSize() <= end.offset() || isSealOrZeros(all.asSlice(end.offset()))) {
      return;
    }
    write(disk.aside(end.sequence(), end.offset()), 0, all.asSlice(end.offset()).asByteBuffer());
  }

  /**
   * Copies the live log's segments from one place to another.
   *
   * @return false when the live log does not have the first place any more
   */
  boolean copy(Place from, Place to) throws IOException {
    ChainWalk walk = ChainWalk.from(live, from);
    if (!walk.connected() || walk.end().mark().index() < to.mark().index()) {
      return false;
    }
    for (long sequence : live.segments()) {
      long begin = sequence == from.sequence() ? from.offset() : 0;
      Place end = lastIn(walk, sequence, to);
      if (end != null && end.offset() > begin) {
        MemorySegment bytes =
            live.load(live.segment(sequence)).asSlice(begin, end.offset() - begin);
        write(disk.segment(sequence), begin, bytes.asByteBuffer());
      }
    }
    disk.force();
    return true;
  }

  private static Place lastIn(ChainWalk walk, long sequence, Place to) {
    Place last = null;
    for (ChainWalk.Piece piece : walk.pieces()) {
      if (piece.place().sequence() == sequence
          && piece.place().mark().index() <= to.mark().index()) {
        last = piece.place();
      }
    }
    return last;
  }

  private static void write(Path file, long at, ByteBuffer bytes) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Durable.write(out, bytes, at);
      out.force(true);
    }
  }

  private static boolean isSealOrZeros(MemorySegment tail) {
    if (tail.byteSize() == Long.BYTES && tail.get(Words.LONG, 0) == -1) {
      return true;
    }
    return tail.mismatch(MemorySegment.ofArray(new byte[(int) tail.byteSize()])) == -1;
  }
}

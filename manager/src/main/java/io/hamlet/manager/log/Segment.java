package io.hamlet.manager.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A preallocated, mapped file of the live log. Written by the core thread; read by the thread of
 * the durable copy up to {@link #tip}, which then closes it.
 */
final class Segment implements AutoCloseable {
  private static final int CHUNK = 256 * 1024;

  private final Path file;
  private final long sequence;
  private final Arena arena;
  private final MemorySegment memory;
  private volatile Tip tip;
  private volatile Segment next;

  /**
   * How far a segment is written.
   *
   * @param end offset behind the last entry
   */
  record Tip(long end, Mark mark) {}

  private Segment(Path file, long sequence, Arena arena, MemorySegment memory) {
    this.file = file;
    this.sequence = sequence;
    this.arena = arena;
    this.memory = memory;
  }

  /**
   * Makes a file of zeros and maps it. The zeros are written, because a hole in a tmpfs that turns
   * out to be full would be a SIGBUS at some later store.
   */
  static Segment allocate(Path file, long sequence, long size) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(CHUNK, size));
      for (long left = size; left > 0; ) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), left));
        left -= channel.write(zeros);
      }
      MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
      memory.load();
      return new Segment(file, sequence, arena, memory);
    } catch (IOException e) {
      arena.close();
      Files.deleteIfExists(file);
      throw new IOException(
          "cannot set aside "
              + size
              + " bytes for the live log in "
              + file.getParent()
              + ": "
              + e.getMessage()
              + "; make room there",
          e);
    }
  }

  /**
   * Takes over one that somebody who is dead has set aside and never begun: full of zeros, since it
   * has its full size. Null when it is not that.
   */
  static Segment unused(Path file, long sequence, long size) throws IOException {
    Arena arena = Arena.ofShared();
    Segment found = null;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (channel.size() == size) {
        MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
        if (SegmentHeader.read(memory).isEmpty()) {
          found = new Segment(file, sequence, arena, memory);
        }
      }
      return found;
    } catch (NoSuchFileException | SegmentHeader.Damaged e) {
      // Begun, or gone: another is made.
      return null;
    } finally {
      if (found == null) {
        arena.close();
      }
    }
  }

  /** Begins it. Core thread. */
  void open(SegmentHeader header) {
    header.write(memory);
    tip = new Tip(SegmentHeader.BYTES, header.before());
  }

  /** Whether an entry of that many bytes, and the seal behind it, have room. */
  boolean fits(int payload) {
    return tip.end() + Slot.size(payload) + Long.BYTES <= memory.byteSize();
  }

  /** Core thread. */
  Tip append(byte[] payload) {
    Tip now = tip;
    Mark mark = Slot.write(memory, now.end(), now.mark(), payload);
    tip = new Tip(now.end() + Slot.size(payload.length), mark);
    return tip;
  }

  /** Ends it; the log goes on in another, which must be open. Core thread. */
  void seal(Segment successor) {
    Tip now = tip;
    Slot.seal(memory, now.end());
    tip = new Tip(now.end() + Long.BYTES, now.mark());
    next = successor;
  }

  /** Null until it is opened. */
  Tip tip() {
    return tip;
  }

  /** Where the log goes on; null while it does not. Once it is set the tip is final. */
  Segment next() {
    return next;
  }

  long sequence() {
    return sequence;
  }

  long size() {
    return memory.byteSize();
  }

  ByteBuffer bytes(long from, long to) {
    return memory.asSlice(from, to - from).asByteBuffer();
  }

  Path file() {
    return file;
  }

  /** Unmaps; the file stays. */
  @Override
  public void close() {
    arena.close();
  }
}

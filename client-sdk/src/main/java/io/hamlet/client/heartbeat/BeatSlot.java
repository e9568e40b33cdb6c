package io.hamlet.client.heartbeat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * One word of the manager's liveness table, mapped: generation in the upper half, counter in the
 * lower. Thread-safe.
 */
public final class BeatSlot implements AutoCloseable {
  private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle COUNT = counter();

  private final MemorySegment word;
  private final long generation;
  private volatile boolean closed;

  @SuppressWarnings("unused") // Through COUNT.
  private long count;

  private BeatSlot(MemorySegment word, long generation) {
    this.word = word;
    this.generation = generation << 32;
    // Who attaches again may have beaten here already, and a word that is there is no beat.
    long there = (long) WORD.getOpaque(word, 0L);
    this.count = there >>> 32 == generation ? there & 0xFFFF_FFFFL : 0;
  }

  /**
   * Maps a word.
   *
   * @param table the file, as the manager named it; empty when it has none for us
   * @param offset of the word, in bytes, a multiple of 8
   * @param generation 1 to 2^31-1; stands in every word stored
   * @return empty when it cannot be mapped (another host, container or user): beat over the stream
   */
  public static Optional<BeatSlot> map(String table, long offset, long generation) {
    if (table.isEmpty()) {
      return Optional.empty();
    }
    try {
      // Unmapped when nobody can use it any more: to close a shared arena while others use it ends
      // the whole JVM now and then (JDK-8364167).
      MemorySegment word = word(table, offset, generation, Arena.ofAuto());
      return Optional.of(new BeatSlot(word, generation));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static MemorySegment word(String table, long offset, long generation, Arena arena)
      throws IOException {
    Set<OpenOption> how =
        Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try (FileChannel file = FileChannel.open(Path.of(table), how)) {
      // Mapping past the end would make the file longer.
      boolean fits = offset >= 0 && offset % Long.BYTES == 0 && offset <= file.size() - Long.BYTES;
      if (!fits || generation < 1 || generation > Integer.MAX_VALUE) {
        throw new IOException(
            table + " has no word at " + offset + " for generation " + generation);
      }
      return file.map(FileChannel.MapMode.READ_WRITE, offset, Long.BYTES, arena);
    }
  }

  /**
   * Beats: one atomic addition on our heap and one store to the table, no system call and no
   * garbage. Does nothing after {@link #close}.
   */
  public void beat() {
    if (closed) {
      return;
    }
    // Each number is stored once, so however threads interleave, a beat always changes the word.
    long next = (long) COUNT.getAndAdd(this, 1L) + 1;
    // One that is late is of a generation that the manager does not look for any more.
    WORD.setOpaque(word, 0L, generation | (next & 0xFFFF_FFFFL));
  }

  /** Beats no more, also while others beat. Closing again does nothing. */
  @Override
  public void close() {
    closed = true;
  }

  private static VarHandle counter() {
    try {
      return MethodHandles.lookup().findVarHandle(BeatSlot.class, "count", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}

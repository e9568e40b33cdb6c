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

  private final Arena arena;
  private final MemorySegment word;
  private final long generation;
  private volatile boolean closed;

  @SuppressWarnings("unused") // Through COUNT.
  private long count;

  private BeatSlot(Arena arena, MemorySegment word, long generation) {
    this.arena = arena;
    this.word = word;
    this.generation = generation << 32;
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
    Arena arena = Arena.ofShared();
    try {
      MemorySegment word = word(table, offset, generation, arena);
      return Optional.of(new BeatSlot(arena, word, generation));
    } catch (IOException | InvalidPathException e) {
      arena.close();
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
    try {
      WORD.setOpaque(word, 0L, generation | (next & 0xFFFF_FFFFL));
    } catch (IllegalStateException closedMeanwhile) {
      // The arena looks at each access, at no measurable cost, so a late beat cannot write to
      // memory that has another use by now.
    }
  }

  /** Unmaps the word, also while others beat. Closing again does nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      arena.close();
    }
  }

  private static VarHandle counter() {
    try {
      return MethodHandles.lookup().findVarHandle(BeatSlot.class, "count", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}

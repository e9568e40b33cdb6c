package io.hamlet.agent.beats;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** The words of one block, as their holders last stored them. Read only: they alone write. */
interface Words {
  /** The word, or 0 when it cannot be read. */
  long get(int word);

  void close();

  /** Of the manager's own user, which could kill it anyway: mapped. */
  static Words ofOwnUser(Path file, int slots, Arena arena) throws IOException {
    VarHandle cell = ValueLayout.JAVA_LONG.varHandle();
    try (FileChannel channel = BeatFiles.open(file, (long) slots * Long.BYTES)) {
      MemorySegment mapped =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, (long) slots * Long.BYTES, arena);
      return new Words() {
        @Override
        public long get(int word) {
          return (long) cell.getOpaque(mapped, (long) word * Long.BYTES);
        }

        @Override
        public void close() {
          // The arena's owner unmaps it.
        }
      };
    }
  }

  /**
   * Of another user, who can cut the file short: reading it then as memory would raise SIGBUS, so
   * it is read as a file. Not by a channel, which an interrupt would close.
   */
  static Words ofOtherUser(Path file, long uid, int slots) throws IOException {
    BeatFiles.open(file, (long) slots * Long.BYTES).close();
    RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r");
    BeatFiles.give(file, uid);
    byte[] bytes = new byte[Long.BYTES];
    return new Words() {
      @Override
      public synchronized long get(int word) {
        try {
          opened.seek((long) word * Long.BYTES);
          return opened.read(bytes) == bytes.length
              ? ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong()
              : 0;
        } catch (IOException e) {
          return 0;
        }
      }

      @Override
      public synchronized void close() {
        try {
          opened.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }
}

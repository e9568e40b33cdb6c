package io.hamlet.manager.consensus;

import io.hamlet.manager.port.Consensus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands that are one entry of the log: what such an entry costs, at three voters and on three
 * disks, is paid once for all of them. A command alone is its own entry, as it is; several begin
 * with a zero, and each comes behind its length in four bytes.
 *
 * <p>Each command has a place of its own in the order: the index of its entry, and which one of it.
 */
final class Bundle {
  /** Commands of an entry at most. */
  static final int MOST = 1 << Bundle.PLACE_BITS;

  private static final int PLACE_BITS = 6;
  private static final byte SEVERAL = 0;

  private Bundle() {}

  /** The place of a command in the order of all; the first is 0. */
  static long place(long entry, int command) {
    return entry << PLACE_BITS | command;
  }

  /** Bytes that a command adds to an entry with others. */
  static int size(byte[] command) {
    return Integer.BYTES + command.length;
  }

  static byte[] encode(List<byte[]> commands) {
    byte[] first = commands.getFirst();
    if (commands.size() == 1 && first.length > 0 && first[0] != SEVERAL) {
      return first;
    }
    ByteBuffer entry = ByteBuffer.allocate(1 + commands.stream().mapToInt(Bundle::size).sum());
    entry.put(SEVERAL);
    commands.forEach(command -> entry.putInt(command.length).put(command));
    return entry.array();
  }

  /**
   * @throws IOException when these are not the bytes of an entry; nothing of it may be used
   */
  static List<byte[]> decode(byte[] entry) throws IOException {
    if (entry.length > 0 && entry[0] != SEVERAL) {
      return List.of(entry);
    }
    List<byte[]> commands = new ArrayList<>();
    ByteBuffer rest =
        ByteBuffer.wrap(entry, Math.min(1, entry.length), Math.max(0, entry.length - 1));
    while (rest.hasRemaining()) {
      int length = rest.remaining() < Integer.BYTES ? -1 : rest.getInt();
      if (length < 0 || length > rest.remaining() || length > Consensus.MOST_BYTES) {
        throw new IOException("it ends in the middle of a command");
      }
      byte[] command = new byte[length];
      rest.get(command);
      commands.add(command);
    }
    if (commands.isEmpty() || commands.size() > MOST) {
      throw new IOException(commands.size() + " commands; at least 1, at most " + MOST);
    }
    return commands;
  }
}

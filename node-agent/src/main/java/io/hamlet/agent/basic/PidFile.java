package io.hamlet.agent.basic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One daemon for a home: the lock ends with its holder, however that ends. */
final class PidFile implements AutoCloseable {
  private final FileChannel channel;
  private final Path file;

  private PidFile(FileChannel channel, Path file) {
    this.channel = channel;
    this.file = file;
  }

  /** Another daemon has it. */
  static final class Taken extends Exception {
    private static final long serialVersionUID = 1;

    Taken(String message) {
      super(message);
    }
  }

  static PidFile take(Path file) throws IOException, Taken {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean mine;
    try {
      mine = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      mine = false;
    }
    if (!mine) {
      channel.close();
      String holder = Files.readString(file).strip();
      throw new Taken("another ham basic (pid " + holder + ") runs in this home; stop it first");
    }
    return new PidFile(channel, file);
  }

  /** Says who holds it. */
  void write() throws IOException {
    channel.truncate(0);
    String pid = ProcessHandle.current().pid() + "\n";
    channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    channel.close();
  }
}

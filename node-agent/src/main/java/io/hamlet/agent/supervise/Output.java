package io.hamlet.agent.supervise;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * What a program prints that somebody else runs: a file, whose content comes out at our standard
 * output as it is written. Has a thread of its own. The file is cut when it gets long; what is
 * written in that instant is lost, as when a log is rotated.
 */
final class Output implements AutoCloseable {
  private static final long MOST_BYTES = 10L << 20;

  private final Path file;
  private final long from;
  private final PrintStream out;
  private final WatchService watch;
  private final Thread thread;
  private volatile boolean isEnding;

  private Output(Path file, long from, PrintStream out) throws IOException {
    this.file = file;
    this.from = from;
    this.out = out;
    this.watch = file.getFileSystem().newWatchService();
    this.thread = Thread.ofPlatform().name("supervise-output").daemon().unstarted(this::follow);
  }

  /**
   * Makes the file and follows it.
   *
   * @param isTakenUp of a file that is there only what is new comes out; else it begins empty
   */
  static Output of(Path file, boolean isTakenUp, PrintStream out) throws IOException {
    if (!isTakenUp) {
      Files.deleteIfExists(file);
    }
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Output output = new Output(file, Files.size(file), out);
    file.getParent().register(output.watch, StandardWatchEventKinds.ENTRY_MODIFY);
    output.thread.start();
    return output;
  }

  private void follow() {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long at = from;
      while (true) {
        // Looked at before the rest is read: what is written before our end comes out.
        boolean isLast = isEnding;
        at = copy(channel, at);
        if (isLast) {
          return;
        }
        if (at > MOST_BYTES && channel.size() == at) {
          channel.truncate(0);
          at = 0;
        }
        try {
          WatchKey changed = watch.take();
          changed.pollEvents();
          changed.reset();
        } catch (ClosedWatchServiceException e) {
          // Closed: once more, for what came last.
        }
      }
    } catch (IOException e) {
      // Nobody reads any more, or the place is gone; the program writes on.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long copy(FileChannel channel, long begin) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(32 * 1024);
    // Somebody else cut it.
    long at = channel.size() < begin ? 0 : begin;
    for (int n = channel.read(buffer, at); n > 0; n = channel.read(buffer, at)) {
      out.write(buffer.array(), 0, n);
      at += n;
      buffer.clear();
    }
    if (out.checkError()) {
      throw new IOException("nobody reads");
    }
    return at;
  }

  /** After this all that was written has come out, and the file is gone. */
  @Override
  public void close() throws IOException {
    isEnding = true;
    watch.close(); // No interrupt: in the middle of a read it would close the file.
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(file);
  }
}

package io.hamlet.manager.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Keeps everybody else off a directory for as long as this process lives (red-team.md B1, H19). The
 * kernel gives the lock back whatever way the process ends.
 *
 * <p>It is an fcntl lock, and those are lost when any descriptor of the file is closed: the file is
 * opened once, never read and never unlinked, and a second holder in this process is turned away
 * before it opens it.
 */
public final class StateLock implements AutoCloseable {
  private static final String NAME = "lock";
  private static final String KILL = "kill-lock";
  private static final Set<Object> HELD = new HashSet<>();

  private final Object key;
  private final FileChannel channel;

  private StateLock(Object key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /** Another manager has the directory. */
  public static final class Taken extends RuntimeException {
    Taken(Path directory) {
      super(
          directory
              + " is in use by another manager; two nodes cannot share it: give this one a"
              + " directory of its own, or stop the other");
    }
  }

  /** Takes the lock of a directory, which must exist; throws {@link Taken}. */
  public static StateLock take(Path directory) throws IOException {
    return take(directory, NAME);
  }

  /**
   * Takes the right to kill the other of the pair; throws {@link Taken} when the other has it. So
   * the two never shoot each other (red-team.md B2).
   */
  public static StateLock takeKill(Path directory) throws IOException {
    return take(directory, KILL);
  }

  private static StateLock take(Path directory, String name) throws IOException {
    synchronized (HELD) {
      Object key = Files.readAttributes(directory, "fileKey").get("fileKey") + name;
      if (HELD.contains(key)) {
        throw new Taken(directory);
      }
      FileChannel channel =
          FileChannel.open(
              directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          throw new Taken(directory);
        }
      } catch (IOException | OverlappingFileLockException e) {
        channel.close();
        throw new IOException("cannot lock " + directory + ": " + e.getMessage(), e);
      }
      HELD.add(key);
      return new StateLock(key, channel);
    }
  }

  /** Gives the directory back. */
  @Override
  public void close() {
    synchronized (HELD) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new IllegalStateException("cannot give a lock back: " + e.getMessage(), e);
      } finally {
        HELD.remove(key);
      }
    }
  }
}

package io.hamlet.manager.log;

import io.hamlet.manager.disk.Contents;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Keeps everybody else off a directory for as long as this process lives (red-team.md B1, H19). The
 * kernel gives the lock back whatever way the process ends.
 *
 * <p>It is an fcntl lock, and those are lost when any descriptor of the file is closed: the file is
 * opened once, never read and never unlinked, and a second holder in this process is turned away
 * before it opens it.
 *
 * <p>A killed process that cannot die keeps its locks. Who knows that it never runs again takes
 * another file, named by its epoch; from then on only the newest file counts.
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
    String newest = newest(directory);
    StateLock lock = take(directory, newest);
    return lock.orNewer(directory, newest);
  }

  /**
   * Takes the lock of a directory after one who never runs again; throws {@link Taken}.
   *
   * @param epoch above that of whoever had it before
   * @param held whether that one is not gone yet, and so keeps it
   */
  public static StateLock takeAfter(Path directory, long epoch, BooleanSupplier held)
      throws IOException {
    if (!held.getAsBoolean()) {
      return take(directory);
    }
    String name = NAME + "-" + epoch;
    StateLock lock = take(directory, name);
    if (held.getAsBoolean()) {
      return lock.orNewer(directory, name);
    }
    // Gone in between: somebody may have what it had, and knows nothing of this file.
    Files.delete(directory.resolve(name));
    lock.close();
    return take(directory);
  }

  /** Somebody may have gone beside between the look and the lock. */
  private StateLock orNewer(Path directory, String name) throws IOException {
    if (newest(directory).equals(name)) {
      return this;
    }
    close();
    throw new Taken(directory);
  }

  /** Whether somebody who was succeeded still keeps an older lock of the directory. */
  static boolean isOlderHeld(Path directory) {
    try {
      String newest = newest(directory);
      for (String name : names(directory)) {
        if (!name.equals(newest) && isHeld(directory.resolve(name))) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      // It cannot be told; nothing is known to be in the way.
      return false;
    }
  }

  private static boolean isHeld(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    }
  }

  /**
   * Takes the right to kill the other of the pair; throws {@link Taken} when the other has it. So
   * the two never shoot each other (red-team.md B2).
   */
  public static StateLock takeKill(Path directory) throws IOException {
    return take(directory, KILL);
  }

  private static String newest(Path directory) throws IOException {
    return names(directory).getLast();
  }

  /** Of the files that are locked, or were, the oldest first. */
  private static List<String> names(Path directory) throws IOException {
    TreeMap<Long, String> byEpoch = new TreeMap<>(Map.of(-1L, NAME));
    try {
      for (Path file : Contents.of(directory, NAME + "-[0-9]*")) {
        String name = file.getFileName().toString();
        byEpoch.put(Long.parseLong(name.substring(NAME.length() + 1)), name);
      }
    } catch (NumberFormatException e) {
      throw new IOException("a file in " + directory + " looks like a lock and is none", e);
    }
    return List.copyOf(byEpoch.values());
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

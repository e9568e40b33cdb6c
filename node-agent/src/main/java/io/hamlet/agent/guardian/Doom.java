package io.hamlet.agent.guardian;

import io.hamlet.manager.disk.Contents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Whether a killed process that is not gone will ever run its program again (architecture.md 3): it
 * will not, if each of its threads is dead, is on its way out, or waits in the kernel with a
 * SIGKILL that it meets before it is back. For one thread.
 */
final class Doom {
  /** So long it may take to die as it should. */
  static final long LIMIT_NANOS = 1_000_000_000L;

  private static final Set<String> DEAD = Set.of("Z", "X");
  private static final String WAITS = "D";

  /** PF_EXITING of linux/sched.h. */
  private static final long EXITING = 0x4;

  /** Bit of SIGKILL in a mask of signals. */
  private static final long KILLED = 1L << 8;

  private static final String PENDING = "SigPnd:";

  private final Path threads;
  private long since = -1;

  /**
   * @param threads {@code /proc/PID/task}
   */
  Doom(Path threads) {
    this.threads = threads;
  }

  static Doom of(long pid) {
    return new Doom(Path.of("/proc/" + pid + "/task"));
  }

  /** Looks once; true: each look of the last second found it doomed. */
  boolean lasts(long now) {
    if (!isSealed()) {
      since = -1;
      return false;
    }
    since = since < 0 ? now : since;
    return now - since >= LIMIT_NANOS;
  }

  private boolean isSealed() {
    try {
      List<Path> all = Contents.of(threads);
      for (Path thread : all) {
        if (!isSealed(thread)) {
          return false;
        }
      }
      return !all.isEmpty();
    } catch (IOException | RuntimeException e) {
      // What cannot be read proves nothing.
      return false;
    }
  }

  private static boolean isSealed(Path thread) throws IOException {
    try {
      String stat = Files.readString(thread.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      if (DEAD.contains(fields[0]) || (Long.parseLong(fields[6]) & EXITING) != 0) {
        return true;
      }
      return fields[0].equals(WAITS) && isKilled(thread);
    } catch (NoSuchFileException gone) {
      return true;
    }
  }

  private static boolean isKilled(Path thread) throws IOException {
    for (String line : Files.readAllLines(thread.resolve("status"))) {
      if (line.startsWith(PENDING)) {
        return (Long.parseUnsignedLong(line.substring(PENDING.length()).strip(), 16) & KILLED) != 0;
      }
    }
    return false;
  }
}

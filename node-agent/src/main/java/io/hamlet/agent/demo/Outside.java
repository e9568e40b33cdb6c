package io.hamlet.agent.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the kernel says of processes, without asking a manager. */
final class Outside {
  /** The kernel tells nobody but its parent of the end of a process. */
  private static final long LOOK_MILLIS = 10;

  private Outside() {}

  /** True while it exists and is not a zombie. */
  static boolean runs(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state != 'Z' && state != 'X';
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Waits for its end: a process closes its files, by which its launcher knows that it ends, a
   * moment before it is gone. False: it still runs.
   */
  static boolean ends(long pid, Duration patience) throws InterruptedException {
    long limit = System.nanoTime() + patience.toNanos();
    while (runs(pid)) {
      if (System.nanoTime() - limit >= 0) {
        return false;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return true;
  }

  /** Its words, separated by blanks; empty when it is gone. */
  static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ').strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Sends a signal by the system's own program. */
  static void signal(String name, long pid) throws InterruptedException {
    signal(name, List.of(pid));
  }

  /** Sends a signal to all of them at once. */
  static void signal(String name, List<Long> pids) throws InterruptedException {
    List<String> words = new ArrayList<>(List.of("kill", "-" + name));
    pids.forEach(pid -> words.add(String.valueOf(pid)));
    try {
      new ProcessBuilder(words).start().waitFor();
    } catch (IOException e) {
      throw new DemoFailure("cannot run kill: " + e.getMessage());
    }
  }
}

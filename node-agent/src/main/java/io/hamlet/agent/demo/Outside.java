package io.hamlet.agent.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the kernel says of processes, without asking a manager. */
final class Outside {
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

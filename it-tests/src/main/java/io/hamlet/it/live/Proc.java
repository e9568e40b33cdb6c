package io.hamlet.it.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel says of a process, independent of anything Hamlet says. */
public final class Proc {
  private Proc() {}

  /** Running or stopped: there, and neither a zombie nor gone. */
  public static boolean isAlive(long pid) {
    String state = state(pid);
    return state != null && !state.equals("Z") && !state.equals("X");
  }

  /** The state letter of /proc/PID/stat, or null when there is no such process. */
  public static String state(long pid) {
    String[] fields = stat(pid);
    return fields == null ? null : fields[0];
  }

  /** Clock ticks since boot at which it began, or -1. */
  public static long startTime(long pid) {
    String[] fields = stat(pid);
    return fields == null ? -1 : Long.parseLong(fields[19]);
  }

  /** How many threads it has, or 0; a JVM has one for its first moment only, a fork always. */
  public static long threads(long pid) {
    String[] fields = stat(pid);
    return fields == null ? 0 : Long.parseLong(fields[17]);
  }

  public static long parent(long pid) {
    String[] fields = stat(pid);
    return fields == null ? -1 : Long.parseLong(fields[1]);
  }

  /** Its pid in each PID namespace that it is in, the outermost first; empty when it is gone. */
  public static List<Long> namespacePids(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("NSpid:")) {
          return Stream.of(line.substring(6).strip().split("\\s+")).map(Long::valueOf).toList();
        }
      }
    } catch (IOException gone) {
      return List.of();
    }
    return List.of();
  }

  /** A variable of the environment it was started with; null when it has none of that name. */
  public static String variable(long pid, String name) throws IOException {
    for (String pair : Files.readString(Path.of("/proc/" + pid + "/environ")).split("\0")) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return null;
  }

  /** Its command line, words parted by blanks; empty when it is gone. */
  public static String commandLine(long pid) {
    return commandLine(Path.of("/proc"), pid);
  }

  /**
   * The same of a process in a container, as the /proc there tells it.
   *
   * @param first the container's first process, by its pid here
   * @param pid as it is there
   */
  public static String commandLine(long first, long pid) {
    return commandLine(Path.of("/proc", Long.toString(first), "root/proc"), pid);
  }

  private static String commandLine(Path proc, long pid) {
    try {
      Path file = proc.resolve(pid + "/cmdline");
      return Files.readString(file).replace('\0', ' ').strip();
    } catch (IOException gone) {
      return "";
    }
  }

  /** The living processes that have this parent. */
  public static List<Long> children(long parent) {
    return all().filter(p -> parent(p) == parent && isAlive(p)).toList();
  }

  /** The living processes with exactly these words. */
  public static List<Long> running(String commandLine) {
    return all().filter(p -> commandLine(p).equals(commandLine) && isAlive(p)).toList();
  }

  /** All pids there are. */
  public static Stream<Long> all() {
    String[] names = Path.of("/proc").toFile().list((d, n) -> n.matches("[1-9][0-9]*"));
    return Stream.of(names).map(Long::valueOf);
  }

  /** The directory of a mapped file below which lies the name, or null. */
  public static Path mapped(long pid, String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/maps"))) {
      int at = line.indexOf('/');
      for (Path p = at < 0 ? null : Path.of(line.substring(at)); p != null; p = p.getParent()) {
        if (name.equals(String.valueOf(p.getFileName()))) {
          return p.getParent();
        }
      }
    }
    return null;
  }

  /** Resident memory in KiB, or 0. */
  public static long rssKib(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException gone) {
      return 0;
    }
    return 0;
  }

  /** Sends a signal by name, such as KILL; says nothing when the process is gone. */
  public static void signal(String signal, long pid) {
    signal(signal, List.of(pid));
  }

  /**
   * The same to several, as near to one instant as it gets: of a pair that is stopped one by one
   * the other may act in between.
   */
  public static void signal(String signal, List<Long> pids) {
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
    for (long pid : pids) {
      if (pid <= 0) {
        // To kill these are groups, and 0 is that of this test.
        throw new IllegalArgumentException("no pid of a process: " + pid);
      }
      command.add(Long.toString(pid));
    }
    if (!pids.isEmpty()) {
      run(command);
    }
  }

  private static void run(List<String> command) {
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The fields after the command name, which may hold blanks and brackets itself. */
  private static String[] stat(long pid) {
    try {
      String text = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return text.substring(text.lastIndexOf(')') + 2).split(" ");
    } catch (IOException gone) {
      return null;
    }
  }
}

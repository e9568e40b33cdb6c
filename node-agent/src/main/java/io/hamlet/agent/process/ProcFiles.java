package io.hamlet.agent.process;

import io.hamlet.agent.os.Errno;
import io.hamlet.agent.os.Kernel;
import io.hamlet.core.model.ProcessId;
import java.nio.charset.StandardCharsets;

/** What /proc says about a process. Thread-safe. */
public final class ProcFiles {
  /**
   * Some fields of /proc/PID/stat.
   *
   * @param state a letter; Z and X are dead
   * @param startTime ticks since boot
   */
  public record Stat(
      char state, long parent, long group, long session, boolean kernel, long startTime) {
    public boolean isDead() {
      return state == 'Z' || state == 'X';
    }
  }

  private static final int MOST = 1 << 20;

  /** The fields of a stat file that count end before that, however long its numbers are. */
  private static final int STAT_BYTES = 1024;

  /** Of the fields behind the name, from 0 on. */
  private static final int PARENT = 1;

  private static final int GROUP = 2;
  private static final int SESSION = 3;
  private static final int FLAGS = 6;
  private static final int START_TIME = 19;

  /** PF_KTHREAD of linux/sched.h. */
  private static final long KERNEL_THREAD = 0x0020_0000;

  private final Kernel kernel;

  public ProcFiles(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Null when there is no such process, not even a dead one. */
  public Stat stat(long pid) {
    // Of a thousand processes in a row at a takeover: without a string for each field.
    byte[] text = new byte[STAT_BYTES];
    int end = Math.max(0, readStart("/proc/" + pid + "/stat", text));
    // The name in parentheses may hold anything, parentheses too.
    int name = end - 1;
    while (name >= 0 && text[name] != ')') {
      name--;
    }
    if (name < 0) {
      return null;
    }
    long[] numbers = new long[START_TIME + 1];
    int at = name + 4;
    for (int field = PARENT; field <= START_TIME; field++) {
      for (; at < end && text[at] != ' '; at++) {
        if (text[at] != '-') {
          numbers[field] = 10 * numbers[field] + text[at] - '0';
        }
      }
      at++;
    }
    return new Stat(
        (char) text[name + 2],
        numbers[PARENT],
        numbers[GROUP],
        numbers[SESSION],
        (numbers[FLAGS] & KERNEL_THREAD) != 0,
        numbers[START_TIME]);
  }

  /** How much was read, or a negative error number. */
  private int readStart(String path, byte[] bytes) {
    long fd = kernel.open(path, Kernel.O_RDONLY);
    if (fd < 0) {
      return (int) fd;
    }
    try {
      return kernel.read((int) fd, bytes);
    } finally {
      kernel.close((int) fd);
    }
  }

  /** True while there is this process, dead or not, and not another one under its pid. */
  public boolean isThere(ProcessId process) {
    Stat stat = stat(process.pid());
    return stat != null && stat.startTime() == process.startTime();
  }

  /** All of a small file, up to a bound; empty if it cannot be read. */
  public String read(String path) {
    long fd = kernel.open(path, Kernel.O_RDONLY);
    if (fd < 0) {
      return "";
    }
    try {
      byte[] bytes = new byte[4096];
      StringBuilder text = new StringBuilder();
      for (int n = kernel.read((int) fd, bytes);
          n > 0 && text.length() < MOST;
          n = kernel.read((int) fd, bytes)) {
        text.append(new String(bytes, 0, n, StandardCharsets.ISO_8859_1));
      }
      return text.toString();
    } finally {
      kernel.close((int) fd);
    }
  }

  /** True if there is something at this path; a link is followed, nothing is opened. */
  boolean exists(String path) {
    long fd = kernel.open(path, Kernel.O_PATH);
    if (fd >= 0) {
      kernel.close((int) fd);
    }
    return fd >= 0;
  }

  /** Writes a line to an existing file; 0 or a negative error number. */
  public long write(String path, String text) {
    long fd = kernel.open(path, Kernel.O_WRONLY);
    if (fd < 0) {
      return fd;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      return Math.min(0, kernel.write((int) fd, bytes, 0, bytes.length));
    } finally {
      kernel.close((int) fd);
    }
  }

  /**
   * True if the process runs a program now. A dying one has given back its memory, and with it this
   * link, before it closes its descriptors.
   */
  boolean runs(long pid) {
    long[] errno = new long[1];
    return kernel.readLink("/proc/" + pid + "/exe", errno) != null
        || (errno[0] != Errno.ENOENT && errno[0] != Errno.ESRCH);
  }

  /** The program it runs, or null if that cannot be seen. */
  String program(long pid) {
    return kernel.readLink("/proc/" + pid + "/exe", new long[1]);
  }
}

package io.hamlet.agent.supervise.notify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who belongs to a program, by what the kernel says of processes. */
public final class Kin {
  /** Nobody's family tree is that deep. */
  private static final int DEEPEST = 64;

  private Kin() {}

  /**
   * Whether a process is the program, lives in the session that it leads, or descends from it.
   * False for one that is gone: whose it was cannot be told any more.
   *
   * @param main the program; 0: there is none
   */
  public static boolean isOf(long main, long pid) {
    if (main <= 0 || pid <= 0) {
      return false;
    }
    long each = pid;
    for (int i = 0; i < DEEPEST && each > 1; i++) {
      if (each == main) {
        return true;
      }
      String[] stat = stat(each);
      if (stat == null) {
        return false;
      }
      if (Long.parseLong(stat[3]) == main) {
        return true;
      }
      each = Long.parseLong(stat[1]);
    }
    return false;
  }

  /** The fields after the name, which may hold anything; null when there is no such process. */
  private static String[] stat(long pid) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc/" + pid + "/stat"));
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      return text.substring(text.lastIndexOf(')') + 2).split(" ");
    } catch (IOException e) {
      return null;
    }
  }
}

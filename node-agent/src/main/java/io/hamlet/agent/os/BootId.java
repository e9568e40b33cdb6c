package io.hamlet.agent.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The string that names this boot (architecture.md 2): boot id, PID namespace, start time of its
 * PID 1. Any of them alone is not enough: a container that is started again has the same boot id,
 * and namespace numbers are used again. Thread-safe.
 */
public final class BootId {
  private BootId() {}

  /** Throws {@link IOException} where /proc is not there or hides PID 1. */
  public static String current() throws IOException {
    return of(Path.of("/proc"));
  }

  static String of(Path proc) throws IOException {
    String boot = Files.readString(proc.resolve("sys/kernel/random/boot_id")).strip();
    String namespace = Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString();
    String stat = Files.readString(proc.resolve("1/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return boot + "/" + namespace.replaceAll("[^0-9]", "") + "/" + fields[19];
  }
}

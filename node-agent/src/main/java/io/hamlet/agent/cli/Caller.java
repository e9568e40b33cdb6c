package io.hamlet.agent.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** What a command has from the process that called it. */
public record Caller(
    Map<String, String> environment, Path directory, PrintStream out, PrintStream err) {
  /** Those of this process; output is UTF-8 whatever the locale says. */
  public static Caller ofProcess() {
    return new Caller(
        System.getenv(),
        Path.of("").toAbsolutePath(),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err));
  }

  String variable(String name, String otherwise) {
    String value = environment.get(name);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), 8_192),
        false,
        StandardCharsets.UTF_8);
  }
}

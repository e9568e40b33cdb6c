package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code ham supervise} as a user calls it, with what it and its program print. */
final class Supervised implements AutoCloseable {
  private static final Pattern INSTANCE =
      Pattern.compile("instance (\\d+) (?:is|runs on as) process (\\d+)");

  private final Path out;
  private final Path err;
  private final Process process;

  private Supervised(Path directory, String address, List<String> words) throws IOException {
    int number = Files.list(directory).toList().size();
    out = directory.resolve("supervise-" + number + ".out");
    err = directory.resolve("supervise-" + number + ".err");
    List<String> command = new ArrayList<>(List.of(LiveNode.program().toString(), "supervise"));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(Map.of("HAM_SERVER", address, "HAM_TEST", "passed on"));
    // As under a service manager of its own, which the program must not speak to.
    builder.environment().putAll(Map.of("NOTIFY_SOCKET", "/nowhere", "WATCHDOG_PID", "1"));
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    process = builder.start();
  }

  /**
   * Starts it.
   *
   * @param node null: none answers
   * @param words options, and the command after {@code --}
   */
  static Supervised start(Path directory, LiveNode node, String... words) throws IOException {
    String address = node == null ? "unix:/nowhere/ham.sock" : node.address();
    return new Supervised(directory, address, List.of(words));
  }

  long wrapper() {
    return process.pid();
  }

  /** On standard error, so far. */
  String told() throws IOException {
    return Files.readString(err);
  }

  /** By the program, on standard output, so far. */
  String printed() throws IOException {
    return Files.readString(out);
  }

  void awaitTold(String words) {
    awaitIn("tells", words, err);
  }

  /** Waits until it is warned for its silence; the end may come so soon that only that is told. */
  void awaitWarned() {
    Until.isTrue(
        "it is warned", () -> told().contains("warned: silent") || told().contains("(silent)"));
  }

  void awaitPrinted(String words) {
    awaitIn("prints", words, out);
  }

  private void awaitIn(String verb, String words, Path file) {
    try {
      Until.isTrue("it " + verb + " '" + words + "'", () -> Files.readString(file).contains(words));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; what there is:\n" + all(), e);
    }
  }

  private String all() {
    try {
      return told() + printed();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The process of an instance, once it runs. */
  long pid(int instance) {
    awaitTold("instance " + instance + " ");
    try {
      Matcher told = INSTANCE.matcher(told());
      long pid = 0;
      while (told.find()) {
        pid = Integer.parseInt(told.group(1)) == instance ? Long.parseLong(told.group(2)) : pid;
      }
      return pid;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has ended, and gives its status. */
  int exit() throws InterruptedException, IOException {
    assertThat(process.waitFor(Until.LIMIT.toSeconds(), TimeUnit.SECONDS))
        .as("it ends: " + told())
        .isTrue();
    return process.exitValue();
  }

  void signal(String name) {
    Proc.signal(name, process.pid());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

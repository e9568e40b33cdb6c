package io.hamlet.agent.launcher;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A copy of {@code deploy/bin/ham} in a tree of its own, with a shell script for a JDK: what the
 * managers would do is a play, given as a script. Ends everything that it started.
 */
final class Stage implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Runs until it is told to stop, over any number of launchers. */
  static final String OBEDIENT =
      """
      exec 4<>"$STATE/launcher.up"
      echo "ready it runs" >&4
      while :; do
        while read -r -u 3 line; do
          echo "$line" >>"$STATE/heard"
          [[ $line == TERM || $line == INT ]] && { echo "end 0" >&4; exit; }
        done 3<"$STATE/launcher.down"
      done
      """;

  private static final String FAKE_JAVA =
      """
      #!/bin/bash
      while (($#)) && [[ $1 != io.hamlet.agent.Main ]]; do shift; done
      shift
      printf '%%s\\n' "${@@Q}" >>'%1$s/words'
      [[ $1 == rehearse && -e '%1$s/rehearsal' ]] && source '%1$s/rehearsal'
      [[ $1 == node ]] || exit 0
      STATE=$3
      echo "$$ ${*:4}" >>"$STATE/calls"
      source '%1$s/play'
      """;

  private final Path root;
  private final List<Process> launchers = new ArrayList<>();

  Stage(Path root) throws IOException {
    this.root = root;
    Path script = root.resolve("the tree/deploy/bin/ham");
    Files.createDirectories(script.getParent());
    Files.copy(Path.of("../deploy/bin/ham").toRealPath(), script);
    Path jar = root.resolve("the tree/node-agent/target/hamlet-node-agent.jar");
    Files.createDirectories(jar.getParent());
    Files.writeString(jar, "");
    executable(root.resolve("a jdk/bin/java"), FAKE_JAVA.formatted(root));
    Files.writeString(root.resolve("a jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
  }

  static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  Path root() {
    return root;
  }

  Path script() {
    return root.resolve("the tree/deploy/bin/ham");
  }

  Path state() {
    return root.resolve("a state");
  }

  Path target() {
    return root.resolve("the tree/node-agent/target");
  }

  /** What the managers do, in bash; STATE is the state directory. */
  void play(String lines) throws IOException {
    Files.writeString(root.resolve("play"), lines);
  }

  /** What happens while a faster start is prepared, in bash; for runs that do not go without. */
  void rehearsal(String lines) throws IOException {
    Files.writeString(root.resolve("rehearsal"), lines);
  }

  Process run(String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of(script().toString(), "run"));
    words.addAll(List.of("--state", state().toString()));
    words.addAll(List.of(options));
    return start(Map.of(), words);
  }

  /** Output of both kinds goes to the file {@code said}. */
  Process start(Map<String, String> environment, List<String> words) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(words).directory(root.toFile());
    builder.environment().put("JAVA_HOME", root.resolve("a jdk").toString());
    builder.environment().put("HAM_AOT", "off");
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(root.resolve("said").toFile()));
    Process process = builder.start();
    launchers.add(process);
    return process;
  }

  /** Runs to its end; answers with its exit status. */
  int call(Map<String, String> environment, List<String> words) throws IOException {
    return statusOf(start(environment, words));
  }

  static int statusOf(Process process) {
    await("the end of the launcher").atMost(PATIENCE).until(() -> !process.isAlive());
    return process.exitValue();
  }

  String said() {
    return read(root.resolve("said"));
  }

  /** Words that the last JVM got, each quoted by bash. */
  List<String> words() {
    return read(root.resolve("words")).lines().toList();
  }

  /** One line for each start of the managers: its pid, and what followed the state directory. */
  List<String> calls() {
    return read(state().resolve("calls")).lines().toList();
  }

  String heard() {
    return read(state().resolve("heard"));
  }

  ProcessHandle pair(int start) {
    return ProcessHandle.of(Long.parseLong(calls().get(start).split(" ")[0])).orElseThrow();
  }

  void awaitCalls(int count) {
    await(count + " starts").atMost(PATIENCE).until(() -> calls().size() >= count);
  }

  void awaitSaid(String text) {
    await(text).atMost(PATIENCE).until(() -> said().contains(text));
  }

  @Override
  public void close() {
    launchers.forEach(Process::destroyForcibly);
    for (String call : calls()) {
      ProcessHandle.of(Long.parseLong(call.split(" ")[0]))
          .filter(p -> p.info().command().orElse("").contains("bash"))
          .ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

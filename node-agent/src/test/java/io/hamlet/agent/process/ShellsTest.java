package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.agent.process.ShellsTest.Seen.What;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script does the same in every shell that may be {@code /bin/sh}. */
class ShellsTest {
  @TempDir Path directory;
  private Bench bench;
  private Gate gate;

  /** What became of a start. */
  record Seen(What what, String why) {
    enum What {
      STARTED,
      FAILED,
      NEVER_RAN
    }
  }

  @BeforeEach
  void open() {
    bench = new Bench(directory, null);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Seen start(String shell, String mark, String... argv) {
    Privilege.assume(Files.isExecutable(Path.of(shell)), shell, "there is no " + shell);
    String log = directory.resolve("log/shell.log").toString();
    Script script =
        new Script(
            bench.place.mark(bench.nextEffect()) + mark, List.of(argv), List.of(), "/", log, null);
    Cgroups none = new Cgroups(bench.kernel, bench.proc, null);
    gate = new GateMaker(bench.kernel, bench.proc, none, shell).make();
    AtomicReference<Seen> seen = new AtomicReference<>();
    Start.Outcome outcome =
        new Start.Outcome() {
          @Override
          public void started() {
            seen.set(new Seen(What.STARTED, ""));
          }

          @Override
          public void failed(String why) {
            seen.set(new Seen(What.FAILED, why));
          }

          @Override
          public void neverRan() {
            seen.set(new Seen(What.NEVER_RAN, ""));
          }
        };
    bench.run(() -> bench.launch(gate, script, outcome));
    await().atMost(Duration.ofSeconds(20)).until(() -> seen.get() != null);
    return seen.get();
  }

  private static Set<String> open(long pid) throws IOException {
    try (Stream<Path> fds = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return fds.map(fd -> fd.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/dash", "/bin/bash"})
  void programRunsWithNothingOpen(String shell) {
    assertThat(start(shell, "", "/bin/sleep", "1000").what()).isEqualTo(What.STARTED);
    long pid = gate.process().pid();
    assertThat(bench.proc.program(pid)).endsWith("sleep");
    // The loader of a program that has just begun has its libraries open for a moment.
    await().atMost(Duration.ofSeconds(20)).until(() -> open(pid).equals(Set.of("0", "1", "2")));
    bench.kernel.kill(pid, 9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/dash", "/bin/bash"})
  void programThatIsGoneBeforeAnybodyLooksHasRun(String shell) {
    assertThat(start(shell, "", "/bin/true").what()).isEqualTo(What.STARTED);
    assertThat(start(shell, "", "/bin/sh", "-c", "exit 126").what()).isEqualTo(What.STARTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/dash", "/bin/bash"})
  void programThatCannotBeExecutedHasNot(String shell) {
    Seen missing = start(shell, "", "/no/such/program");
    assertThat(missing.what()).isEqualTo(What.FAILED);
    assertThat(missing.why()).contains("/no/such/program");
    assertThat(start(shell, "", "/etc/passwd").what()).isEqualTo(What.FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/dash", "/bin/bash"})
  void markThatCannotBeMadeIsAFailureAndNotTriedForEver(String shell) {
    Seen seen = start(shell, "x".repeat(300), "/bin/true");
    assertThat(seen.what()).isEqualTo(What.FAILED);
    assertThat(seen.why()).contains("mark");
  }
}

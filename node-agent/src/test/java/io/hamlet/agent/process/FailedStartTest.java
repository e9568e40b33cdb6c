package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.ProcessSpec.Kill;
import io.hamlet.core.model.ProcessSpec.Limit;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection.Reason;
import io.hamlet.core.recovery.HamEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fails before the program runs is a failed start, never a death; and is foreseen. */
class FailedStartTest {
  @TempDir Path directory;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static ProcessSpec spec(
      String program, String directory, String user, String log, Limit... limits) {
    return new ProcessSpec(
        List.of(program), List.of(), directory, user, List.of(limits), log, false, "", Kill.GROUP);
  }

  private void failsAndIsForeseen(ProcessSpec spec, String said) {
    assertThat(bench.failure(spec).why()).contains(said);
    assertThat(bench.events).noneMatch(e -> e instanceof HamEvent.Started);
    assertThatThrownBy(() -> bench.control.check(spec))
        .isInstanceOfSatisfying(
            Refused.class, e -> assertThat(e.rejection().reason()).isEqualTo(Reason.CANNOT_START));
  }

  @Test
  void missingProgram() {
    failsAndIsForeseen(spec("/no/such/program", "/", "", ""), "/no/such/program is missing");
  }

  @Test
  void programThatMayNotBeExecuted() {
    failsAndIsForeseen(spec("/etc/passwd", "/", "", ""), "cannot be executed");
  }

  @Test
  void missingInterpreter() throws IOException {
    Path program = directory.resolve("program");
    Files.writeString(program, "#!/no/such/interpreter\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    HamEvent.Failed failed = bench.failure(spec(program.toString(), "/", "", ""));
    assertThat(failed.why()).contains("interpreter");
  }

  @Test
  void missingDirectory() {
    failsAndIsForeseen(spec("/bin/true", "/no/such/dir", "", ""), "directory /no/such/dir");
  }

  @Test
  void logFileThatCannotBeWritten() {
    failsAndIsForeseen(spec("/bin/true", "/", "", "/no/such/dir/log"), "/no/such/dir/log");
  }

  @Test
  void missingUser() {
    failsAndIsForeseen(spec("/bin/true", "/", "nosuchuser", ""), "nosuchuser");
    failsAndIsForeseen(spec("/bin/true", "/", "nobody:nosuchgroup", ""), "nosuchgroup");
  }

  @Test
  void unknownLimit() {
    failsAndIsForeseen(spec("/bin/true", "/", "", "", new Limit("feet", 2)), "feet");
  }

  @Test
  void programThatWouldBeTakenForAVariableIsNotStarted() {
    ProcessSpec spec =
        new ProcessSpec(
            List.of("/tmp/a=b", "/bin/true"),
            List.of(new ProcessSpec.Variable("A.B", "x")),
            "/",
            "",
            List.of(),
            "",
            false,
            "",
            Kill.GROUP);
    assertThat(bench.failure(spec).why()).contains("A.B");
  }

  @Test
  void checkIsContentWithWhatCanBeStarted() {
    bench.control.check(spec("/bin/true", "/tmp", "", "", new Limit("nofile", 100)));
  }
}

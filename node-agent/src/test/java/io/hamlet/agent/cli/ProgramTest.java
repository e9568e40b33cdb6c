package io.hamlet.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
  @TempDir Path directory;
  private Caller caller;

  @BeforeEach
  void files() throws Exception {
    for (String name : List.of("here/tool", "bin/tool", "bin/plain", "second/plain")) {
      Path file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "");
      if (!name.equals("bin/plain")) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
      }
    }
    Files.createDirectories(directory.resolve("bin/folder"));
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    String path = "/nonesuch:" + directory.resolve("bin") + ":../second";
    caller = new Caller(Map.of("PATH", path), directory.resolve("here"), nowhere, nowhere);
  }

  @Test
  void findsAProgramInPathAndLeavesTheArguments() {
    assertThat(Program.absolute(List.of("tool", "a b", "./x"), caller))
        .containsExactly(directory.resolve("bin/tool").toString(), "a b", "./x");
  }

  @Test
  void takesTheFirstThatCanBeExecuted() {
    assertThat(Program.absolute(List.of("plain"), caller))
        .containsExactly(directory.resolve("second/plain").toString());
  }

  @Test
  void takesARelativeOneFromTheDirectory() {
    assertThat(Program.absolute(List.of("./tool"), caller))
        .containsExactly(directory.resolve("here/tool").toString());
    assertThat(Program.absolute(List.of("/bin/../none"), caller)).containsExactly("/none");
  }

  @Test
  void refusesWhatIsNotThere() {
    for (String name : List.of("nonesuch", "folder", "")) {
      assertThatThrownBy(() -> Program.absolute(List.of(name), caller))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("'" + name + "'");
    }
  }
}

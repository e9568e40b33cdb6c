package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.core.model.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two managers never share a directory. */
class StateLockTest {
  @TempDir Path directory;

  /** Takes the lock of the directory that it is given and says how that went. */
  static final class Rival {
    public static void main(String[] args) throws IOException {
      try (StateLock lock = StateLock.take(Path.of(args[0]))) {
        System.out.println("took it: " + lock);
      } catch (StateLock.Taken e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void anotherProcessIsTurnedAwayAndToldWhy() throws Exception {
    try (StateLock mine = StateLock.take(directory)) {
      assertThat(mine).isNotNull();
      assertThat(rival()).startsWith(directory + " is in use by another manager");
      assertThatThrownBy(() -> StateLock.take(directory)).isInstanceOf(StateLock.Taken.class);
      // The refusal above must not have cost the lock (red-team.md H19).
      assertThat(rival()).startsWith(directory + " is in use by another manager");
    }
    assertThat(rival()).startsWith("took it");
  }

  @Test
  void twoNodesOnOneStateDirectoryAreRefused() throws IOException {
    LogStore.Config config = Histories.small(directory, Histories.BOOT);
    LogStore.Config other =
        LogStore.Config.of(
            "n2", Histories.BOOT, directory.resolve("live2"), config.stateDir(), Limits.DEFAULT);
    try (LogStore store = LogStore.open(config)) {
      assertThat(store.recovered()).isNotNull();
      assertThatThrownBy(() -> LogStore.open(other))
          .isInstanceOf(StateLock.Taken.class)
          .hasMessageContaining(config.stateDir().toString());
    }
    LogStore.open(other).close();
    assertThat(config.stateDir().resolve("lock")).exists();
  }

  @Test
  void twoStatesOnOneLiveDirectoryAreRefused() throws IOException {
    LogStore.Config config = Histories.small(directory, Histories.BOOT);
    LogStore.Config other =
        LogStore.Config.of(
            Histories.NODE,
            Histories.BOOT,
            config.liveDir(),
            directory.resolve("state2"),
            Limits.DEFAULT);
    try (LogStore store = LogStore.open(config)) {
      assertThat(store.recovered()).isNotNull();
      assertThatThrownBy(() -> LogStore.open(other)).isInstanceOf(StateLock.Taken.class);
      // What the refused one had taken already is free again.
      StateLock.take(other.stateDir()).close();
    }
  }

  private String rival() throws Exception {
    Path out = Files.createTempFile(directory, "rival", ".txt");
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Rival.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(out);
  }
}

package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.core.model.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
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
        if (args[1].equals("stay")) {
          System.in.read();
        }
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

  @Test
  void afterOneThatCannotDieAnotherFileIsTakenAndCountsFromThenOn() throws Exception {
    try (StateLock stuck = StateLock.take(directory)) {
      try (StateLock after = StateLock.takeAfter(directory, 7, () -> true)) {
        assertThat(List.of(stuck, after)).doesNotContainNull();
        assertThat(rival()).startsWith(directory + " is in use by another manager");
      }
      assertThat(rival()).as("the successor is gone").startsWith("took it");
    }
    try (StateLock next = StateLock.take(directory)) {
      assertThatThrownBy(() -> StateLock.takeAfter(directory, 7, () -> true))
          .as("%s", next)
          .isInstanceOf(StateLock.Taken.class);
      try (StateLock after = StateLock.takeAfter(directory, 12, () -> true)) {
        assertThat(rival()).as("%s", after).startsWith(directory + " is in use");
      }
    }
  }

  @Test
  void oneThatWasSucceededIsInTheWayUntilItIsGone() throws Exception {
    Process stuck = process("stay").redirectOutput(ProcessBuilder.Redirect.PIPE).start();
    try {
      assertThat(stuck.inputReader().readLine()).startsWith("took it");
      try (StateLock after = StateLock.takeAfter(directory, 3, stuck::isAlive)) {
        assertThat(StateLock.isOlderHeld(directory)).as("%s", after).isTrue();
        stuck.destroyForcibly().waitFor();
        assertThat(StateLock.isOlderHeld(directory)).isFalse();
      }
    } finally {
      stuck.destroyForcibly();
    }
  }

  @Test
  void afterOneThatIsGoneInTimeNothingIsBeside() throws Exception {
    Iterator<Boolean> held = List.of(true, false).iterator();
    try (StateLock after = StateLock.takeAfter(directory, 7, held::next)) {
      assertThat(rival()).as("%s", after).startsWith(directory + " is in use by another manager");
      assertThat(directory.resolve("lock-7")).doesNotExist();
    }
    assertThatThrownBy(
            () -> {
              Files.createFile(directory.resolve("lock-7x"));
              StateLock.take(directory);
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("looks like a lock");
  }

  private String rival() throws Exception {
    Path out = Files.createTempFile(directory, "rival", ".txt");
    Process process = process("go").redirectOutput(out.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(out);
  }

  private ProcessBuilder process(String then) {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            Rival.class.getName(),
            directory.toString(),
            then)
        .redirectErrorStream(true);
  }
}

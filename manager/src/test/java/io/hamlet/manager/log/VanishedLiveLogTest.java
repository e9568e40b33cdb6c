package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.disk.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shared memory that somebody cleans up under a living manager. */
class VanishedLiveLogTest {
  @TempDir Path directory;

  @Test
  void isMadeAgainWhereASuccessorFindsAllOfIt() throws IOException {
    Path live = directory.resolve("memory/live");
    LogStore.Config config = config(live, directory.resolve("state"));
    HamState state = Histories.empty();
    Path copy = directory.resolve("copy");
    try (LogStore store = LogStore.open(config);
        LogJournal journal = store.begin(1, 1, state)) {
      state = Histories.append(journal, state, 1, 100);
      awaitSpare(live);
      Trees.remove(live.getParent());
      state = goOnUntilThereAgain(journal, state, live);

      assertThat(journal.troubles()).anyMatch(t -> t.contains("removed while the node ran"));
      assertThat(Files.getPosixFilePermissions(live.getParent()))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      copy(live, copy);
    }
    // From memory alone, as if nothing of it were on disk.
    try (LogStore store = LogStore.open(config(copy, directory.resolve("none")))) {
      assertThat(Histories.replay(store.recovered())).isEqualTo(state);
    }
    try (LogStore store =
        LogStore.open(config(directory.resolve("other"), directory.resolve("state")))) {
      assertThat(Histories.replay(store.recovered())).isEqualTo(state);
    }
  }

  @Test
  void whereItCannotBeMadeAgainTheLogGoesOnInItsOldMemory() throws IOException {
    Path live = directory.resolve("memory/live");
    LogStore.Config config = config(live, directory.resolve("state"));
    HamState state = Histories.empty();
    try (LogStore store = LogStore.open(config);
        LogJournal journal = store.begin(1, 1, state)) {
      awaitSpare(live);
      Trees.remove(live.getParent());
      Files.writeString(live.getParent(), "in the way");
      HamState[] newest = {state};
      await()
          .until(
              () -> {
                newest[0] = one(journal, newest[0]);
                return journal.troubles().stream().anyMatch(t -> t.contains("cannot be made"));
              });
      state = newest[0];
      assertThat(journal.hasRoom()).isTrue();
    }
    try (LogStore store =
        LogStore.open(config(directory.resolve("other"), directory.resolve("state")))) {
      assertThat(Histories.replay(store.recovered())).isEqualTo(state);
    }
  }

  @Test
  void anOrderlyEndNeedsItNoMore() throws IOException {
    Path live = directory.resolve("memory/live");
    try (LogStore store = LogStore.open(config(live, directory.resolve("state")))) {
      LogJournal journal = store.begin(1, 1, Histories.empty());
      HamState state = Histories.append(journal, Histories.empty(), 1, 100);
      journal.close();
      Trees.remove(live.getParent());
      store.dropLive(journal, state.last().index());
    }
  }

  /** The next segment is at hand, as ever but for an instant. */
  private static void awaitSpare(Path live) {
    await().until(() -> live.toFile().list((in, name) -> name.startsWith("segment-")).length > 1);
  }

  private static HamState goOnUntilThereAgain(LogJournal journal, HamState from, Path live) {
    HamState[] newest = {from};
    await()
        .until(
            () -> {
              newest[0] = one(journal, newest[0]);
              return Files.isDirectory(live) && !new LogDirectory(live).snapshots().isEmpty();
            });
    return newest[0];
  }

  private static HamState one(LogJournal journal, HamState state) {
    return Histories.append(journal, state, 1, state.last().index() + 1);
  }

  private static LogStore.Config config(Path live, Path state) {
    return LogStore.Config.of(
        Histories.NODE, Histories.BOOT, live, state, Histories.empty().limits());
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}

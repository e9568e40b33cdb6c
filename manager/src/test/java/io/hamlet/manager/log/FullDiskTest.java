package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Full file systems: a small tmpfs stands for the live one, or for the disk. Needs root. */
class FullDiskTest {
  private static final int MIB = 1024 * 1024;

  @TempDir Path directory;
  private Path mount;

  @BeforeEach
  void mountSmallTmpfs() throws Exception {
    mount = Files.createDirectory(directory.resolve("mount"));
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mount.toString());
    boolean required =
        Arrays.asList(System.getProperty("hamlet.it.require", "").split(",")).contains("root");
    if (required) {
      assertThat(mounted).as("a tmpfs can be mounted").isTrue();
    }
    assumeTrue(mounted, "mounting a small tmpfs needs root");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", mount.toString());
  }

  @Test
  void aFullTmpfsRefusesRequestsThenEntriesAndLosesNothing() throws IOException {
    LogStore.Config config = config(mount.resolve("live"), directory.resolve("state"));
    fill(mount.resolve("ballast"), MIB + MIB / 4);
    HamState state = Histories.empty();
    try (LogStore store = LogStore.open(config);
        LogJournal journal = store.begin(1, 1, state)) {
      // Segments of 256 KiB: two or three fit.
      Throwable full = null;
      boolean refusedFirst = false;
      while (full == null) {
        Entry entry = Histories.entry(1, 1, state.last().index() + 1);
        HamState after = Histories.apply(state, entry);
        refusedFirst |= !journal.hasRoom();
        full = catchThrowable(() -> journal.append(entry, after));
        journal.flush();
        state = full == null ? after : state;
      }
      assertThat(full)
          .isInstanceOf(LogFull.class)
          .hasMessageContaining("cannot set aside 262144 bytes for the live log")
          .hasMessageContaining("make room there");
      assertThat(refusedFirst).isTrue();
      assertThat(journal.troubles()).anyMatch(t -> t.contains("cannot set aside"));

      Files.delete(mount.resolve("ballast"));
      await().until(journal::hasRoom);
      state = Histories.append(journal, state, 1, state.last().index() + 100);
    }
    try (LogStore store = LogStore.open(config)) {
      assertThat(Histories.replay(store.recovered())).isEqualTo(state);
    }
  }

  @Test
  void aFullTmpfsAtTheStartIsAClearError() throws IOException {
    fill(mount.resolve("ballast"), 2 * MIB);
    LogStore.Config config = config(mount.resolve("live"), directory.resolve("state"));
    try (LogStore store = LogStore.open(config)) {
      assertThatThrownBy(() -> store.begin(1, 1, Histories.empty()))
          .isInstanceOf(LogFull.class)
          .hasMessageContaining("cannot set aside");
    }
  }

  @Test
  void onAFullTmpfsASuccessorHasTheRoomThatTheDeadHadSetAside() throws IOException {
    LogStore.Config config = config(mount.resolve("live"), directory.resolve("state"));
    HamState state;
    try (LogStore store = LogStore.open(config);
        LogJournal journal = store.begin(1, 1, Histories.empty())) {
      state = Histories.append(journal, Histories.empty(), 1, 10);
    }
    // A writer that is killed cannot take it away.
    Path spare = new LogDirectory(config.liveDir()).segment(1000);
    Files.write(spare, new byte[config.segmentBytes() + 8192]);
    fill(mount.resolve("ballast"), 2 * MIB);

    try (LogStore store = LogStore.open(config);
        LogJournal journal = store.begin(1, 2, state)) {
      assertThat(spare).doesNotExist();
      await("for requests there is no room").until(() -> !journal.hasRoom());
      Entry entry = Histories.entry(1, 2, 11);
      journal.append(entry, Histories.apply(state, entry));
    }
  }

  @Test
  void aFullDiskStopsAcknowledgementsAndNothingElse() throws IOException {
    LogStore.Config config = config(directory.resolve("live"), mount.resolve("state"));
    HamState state = Histories.empty();
    try (LogStore store = LogStore.open(config);
        LogJournal journal = store.begin(1, 1, state)) {
      state = Histories.append(journal, state, 1, 100);
      await().until(() -> journal.durableIndex() == 100);
      fill(mount.resolve("ballast"), 2 * MIB);
      // More than is left of the pages that the log has already.
      state = appendUnlessFull(journal, state, 3000);

      await("the trouble is told")
          .until(
              () ->
                  journal.troubles().stream()
                      .anyMatch(t -> t.contains("stands still: No space left")));
      assertThat(journal.durableIndex()).isLessThan(3000);
      state = appendUnlessFull(journal, state, 12_000);
      assertThat(journal.hasRoom()).isFalse();

      Files.delete(mount.resolve("ballast"));
      long last = state.last().index();
      await().until(() -> journal.durableIndex() == last);
      await().until(() -> journal.hasRoom() && journal.troubles().isEmpty());
    }
    LogStore.Config other = config(directory.resolve("live2"), mount.resolve("state"));
    try (LogStore store = LogStore.open(other)) {
      assertThat(Histories.replay(store.recovered())).isEqualTo(state);
    }
  }

  @Test
  void whenTheReserveIsUsedUpTheErrorSaysSo() throws IOException {
    LogStore.Config config = config(directory.resolve("live"), mount.resolve("state"));
    HamState state = Histories.empty();
    try (LogStore store = LogStore.open(config);
        LogJournal journal = store.begin(1, 1, state)) {
      fill(mount.resolve("ballast"), 2 * MIB);
      HamState end = appendUnlessFull(journal, state, 100_000);
      Entry entry = Histories.entry(1, 1, end.last().index() + 1);
      assertThatThrownBy(() -> journal.append(entry, end))
          .isInstanceOf(LogFull.class)
          .hasMessageContaining("4 segments wait for the disk");
      Files.delete(mount.resolve("ballast"));
      await().until(journal::hasRoom);
      journal.append(entry, Histories.apply(end, entry));
    }
  }

  private static HamState appendUnlessFull(LogJournal journal, HamState from, long upTo) {
    HamState state = from;
    for (long i = state.last().index() + 1; i <= upTo; i++) {
      Entry entry = Histories.entry(1, 1, i);
      HamState after = Histories.apply(state, entry);
      if (catchThrowable(() -> journal.append(entry, after)) instanceof LogFull) {
        return state;
      }
      journal.flush();
      state = after;
    }
    return state;
  }

  private static LogStore.Config config(Path live, Path state) {
    return new LogStore.Config(
        Histories.NODE,
        Histories.BOOT,
        live,
        state,
        Histories.empty().limits(),
        256 * 1024,
        Integer.MAX_VALUE,
        2,
        2);
  }

  /** Writes until a file has that size or the file system is full. */
  private static void fill(Path file, int bytes) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] chunk = new byte[4096];
      for (int written = 0; written < bytes; written += chunk.length) {
        out.write(chunk);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static boolean run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}

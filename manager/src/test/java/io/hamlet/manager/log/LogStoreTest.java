package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found again after a reign, in the same boot and in another. */
class LogStoreTest {
  @TempDir Path directory;

  @Test
  void aFreshNodeBeginsEmpty() throws IOException {
    try (LogStore store = LogStore.open(Histories.small(directory, Histories.BOOT))) {
      assertThat(store.recovered().snapshot()).isEqualTo(Histories.empty());
      assertThat(store.recovered().entries()).isEmpty();
      assertThat(store.recovered().sameBoot()).isFalse();
      assertThat(store.recovered().findings()).isEmpty();
    }
  }

  @Test
  void reignsFollowEachOtherInTheSameBoot() throws IOException {
    HamState expected = Histories.empty();
    for (long epoch = 1; epoch <= 5; epoch++) {
      expected = reign(Histories.small(directory, Histories.BOOT), epoch, expected, 700);
    }
    try (LogStore store = LogStore.open(Histories.small(directory, Histories.BOOT))) {
      assertThat(Histories.replay(store.recovered())).isEqualTo(expected);
      assertThat(store.recovered().sameBoot()).isTrue();
      assertThat(store.recovered().epoch()).isEqualTo(5);
      assertThat(store.recovered().findings()).isEmpty();
    }
  }

  @Test
  void reignsFollowEachOtherOverReboots() throws IOException {
    HamState expected = Histories.empty();
    for (long epoch = 1; epoch <= 5; epoch++) {
      expected = reign(Histories.small(directory, "boot-" + epoch), epoch, expected, 700);
    }
    try (LogStore store = LogStore.open(Histories.small(directory, "boot-6"))) {
      assertThat(Histories.replay(store.recovered())).isEqualTo(expected);
      assertThat(store.recovered().sameBoot()).isFalse();
      assertThat(store.recovered().findings()).isEmpty();
    }
  }

  /** A log may hold a thousand times what is large: the definition of an entity, or stored data. */
  @Test
  void anEntryThatWasReadIsKeptByNobody() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    reign(config, 1, Histories.empty(), 20);
    try (LogStore store = LogStore.open(config)) {
      assertThat(store.recovered().entries()).hasSize(20);
      WeakReference<Entry> read = new WeakReference<>(store.recovered().entries().getFirst());
      await()
          .until(
              () -> {
                System.gc();
                return read.refersTo(null);
              });
    }
  }

  @Test
  void theLogSinceThePreviousSnapshotIsKeptAndNotMore() throws IOException {
    LogStore.Config config = Histories.small(directory, Histories.BOOT);
    reign(config, 1, Histories.empty(), 20_000);

    for (Path log : List.of(config.liveDir(), config.stateDir().resolve("log"))) {
      assertThat(count(log, "snapshot-")).isEqualTo(2);
      assertThat(count(log, "segment-")).isBetween(2L, 40L);
    }
  }

  @Test
  void aCorruptNewestSnapshotCostsNothing() throws IOException {
    LogStore.Config config = Histories.small(directory, Histories.BOOT);
    HamState expected = reign(config, 1, Histories.empty(), 20_000);
    LogDirectory disk = new LogDirectory(config.stateDir().resolve("log"));
    LogDirectory live = new LogDirectory(config.liveDir());
    for (LogDirectory each : List.of(disk, live)) {
      flip(each.snapshots().getFirst(), 500);
    }

    for (String boot : List.of(Histories.BOOT, "boot-2")) {
      try (LogStore store = LogStore.open(Histories.small(directory, boot))) {
        assertThat(Histories.replay(store.recovered())).isEqualTo(expected);
        assertThat(store.recovered().findings())
            .anyMatch(finding -> finding.contains("its checksum is wrong"));
      }
    }
  }

  @Test
  void nothingReadableIsARefusalThatChangesNothing() throws IOException {
    LogStore.Config config = Histories.small(directory, Histories.BOOT);
    reign(config, 1, Histories.empty(), 20_000);
    LogDirectory disk = new LogDirectory(config.stateDir().resolve("log"));
    for (Path snapshot : disk.snapshots()) {
      flip(snapshot, 500);
    }
    List<String> before = listing(disk.path());

    LogStore.Config other = Histories.small(directory, "boot-2");
    assertThatThrownBy(() -> LogStore.open(other))
        .isInstanceOf(StateUnreadable.class)
        .hasMessageContaining("cannot be read, and nothing was changed")
        .hasMessageContaining("its checksum is wrong")
        .hasMessageContaining("Restore the directory from a backup");
    assertThat(listing(disk.path())).isEqualTo(before);
    // The live log of the same boot needs none of it.
    LogStore.open(config).close();
  }

  @Test
  void aLostLiveLogIsReplacedByTheDurableOne() throws IOException {
    LogStore.Config config = Histories.small(directory, Histories.BOOT);
    HamState expected = reign(config, 1, Histories.empty(), 900);
    new LogDirectory(config.liveDir()).wipe();

    try (LogStore store = LogStore.open(config)) {
      assertThat(Histories.replay(store.recovered())).isEqualTo(expected);
      assertThat(store.recovered().sameBoot()).isTrue();
    }
  }

  @Test
  void aLostDurableLogIsMadeAnewFromTheLiveOne() throws IOException {
    LogStore.Config config = Histories.small(directory, Histories.BOOT);
    HamState expected = reign(config, 1, Histories.empty(), 900);
    new LogDirectory(config.stateDir().resolve("log")).wipe();
    expected = reign(config, 2, expected, 10);

    try (LogStore store = LogStore.open(Histories.small(directory, "boot-2"))) {
      assertThat(Histories.replay(store.recovered())).isEqualTo(expected);
    }
  }

  @Test
  void whatOnlyTheLiveLogHasReachesTheDiskInTheNextReign() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    HamState expected = reign(config, 1, Histories.empty(), 300);
    LogDirectory disk = new LogDirectory(config.stateDir().resolve("log"));
    // As if the disk had hung: its last segments are missing, one is cut in the middle.
    List<Long> segments = disk.segments();
    Files.delete(disk.segment(segments.getLast()));
    cut(disk.segment(segments.get(segments.size() - 2)), 5000);

    expected = reign(config, 2, expected, 10);

    for (Path newest : disk.snapshots().subList(0, 1)) {
      flip(newest, 500);
    }
    try (LogStore store = LogStore.open(Histories.plain(directory, "boot-2"))) {
      assertThat(store.recovered().snapshot()).isEqualTo(Histories.empty());
      assertThat(Histories.replay(store.recovered())).isEqualTo(expected);
    }
  }

  @Test
  void damageInTheMiddleCutsThereAndKeepsTheBytes() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    reign(config, 1, Histories.empty(), 300);
    LogDirectory disk = new LogDirectory(config.stateDir().resolve("log"));
    Path first = disk.segment(disk.segments().getFirst());
    flip(first, 5000);

    LogStore.Config next = Histories.plain(directory, "boot-2");
    HamState cut;
    try (LogStore store = LogStore.open(next)) {
      cut = Histories.replay(store.recovered());
      assertThat(cut.last().index()).isBetween(10L, 200L);
      assertThat(store.recovered().findings())
          .anyMatch(finding -> finding.contains("is damaged behind entry " + cut.last().index()))
          .anyMatch(finding -> finding.contains("is not used: it goes on after"));
    }
    HamState after = reign(next, 2, cut, 10);

    assertThat(count(disk.path(), "aside-")).isGreaterThan(1);
    try (LogStore store = LogStore.open(Histories.plain(directory, "boot-3"))) {
      assertThat(Histories.replay(store.recovered())).isEqualTo(after);
    }
  }

  @Test
  void damageOfTheDurableLogIsHealedByALiveOneOfThisBoot() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    HamState expected = reign(config, 1, Histories.empty(), 300);
    LogDirectory disk = new LogDirectory(config.stateDir().resolve("log"));
    flip(disk.segment(disk.segments().getFirst()), 5000);

    expected = reign(config, 2, expected, 10);

    flip(disk.snapshots().getFirst(), 500);
    try (LogStore store = LogStore.open(Histories.plain(directory, "boot-2"))) {
      assertThat(Histories.replay(store.recovered())).isEqualTo(expected);
    }
  }

  @Test
  void theLogOfAnotherNodeIsRefused() throws IOException {
    LogStore.Config mine = Histories.small(directory, Histories.BOOT);
    reign(mine, 1, Histories.empty(), 3);
    LogStore.Config other =
        LogStore.Config.of("n2", Histories.BOOT, mine.liveDir(), mine.stateDir(), mine.limits());

    assertThatThrownBy(() -> LogStore.open(other))
        .isInstanceOf(StateUnreadable.class)
        .hasMessageContaining("holds the log of node 'n1', and this is node 'n2'");
  }

  @Test
  void aReignThatDoesNotRiseIsRefused() throws IOException {
    LogStore.Config config = Histories.small(directory, Histories.BOOT);
    HamState state = reign(config, 4, Histories.empty(), 3);
    try (LogStore store = LogStore.open(config)) {
      assertThatThrownBy(() -> store.begin(1, 4, state))
          .hasMessage("reign 1/4 does not come after 1/4");
      assertThatThrownBy(() -> store.begin(1, 5, Histories.empty()))
          .hasMessageStartingWith("the state is that of entry 0, and the log ends at entry 3");
    }
  }

  @Test
  void anEntryInTheWrongPlaceIsRefused() throws IOException {
    try (LogStore store = LogStore.open(Histories.small(directory, Histories.BOOT));
        LogJournal journal = store.begin(1, 1, Histories.empty())) {
      assertThatThrownBy(() -> journal.append(Histories.entry(1, 1, 2), Histories.empty()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> journal.append(Histories.entry(1, 2, 1), Histories.empty()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aStateThatCannotBeWrittenIsToldAndTheNextSnapshotIsTaken() throws IOException {
    LogStore.Config config = Histories.small(directory, Histories.BOOT);
    try (LogStore store = LogStore.open(config);
        LogJournal journal = store.begin(1, 1, Histories.empty())) {
      HamState broken = HamState.empty("half \ud83d a pair", config.limits());
      long index = 0;
      while (journal.troubles().isEmpty()) {
        Histories.awaitRoom(journal);
        journal.append(Histories.entry(1, 1, ++index), broken);
      }
      assertThat(journal.troubles().getFirst()).contains("node: has half a surrogate pair");
      while (!journal.troubles().isEmpty()) {
        Histories.awaitRoom(journal);
        journal.append(Histories.entry(1, 1, ++index), Histories.empty());
      }
      await().until(() -> LogStoreTest.count(config.liveDir(), "snapshot-") == 2);
    }
  }

  /** One reign that ends in an orderly way, some entries long. */
  static HamState reign(LogStore.Config config, long epoch, HamState expected, int entries)
      throws IOException {
    try (LogStore store = LogStore.open(config)) {
      HamState state = Histories.replay(store.recovered());
      assertThat(state).isEqualTo(expected);
      long upTo = state.last().index() + entries;
      try (LogJournal journal = store.begin(1, epoch, state)) {
        state = Histories.append(journal, state, epoch, upTo);
        await().until(() -> journal.durableIndex() == upTo);
        assertThat(journal.troubles()).isEmpty();
      }
      return state;
    }
  }

  static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  static void cut(Path file, int length) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, length));
  }

  static long count(Path directory, String prefix) throws IOException {
    return listing(directory).stream().filter(name -> name.startsWith(prefix)).count();
  }

  private static List<String> listing(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}

package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A durable log that a power cut tore at any byte. */
class TornLogTest {
  private static final int ENTRIES = 12;

  @TempDir Path directory;

  @Test
  void aFileCutAtAnyByteGivesTheEntriesBeforeIt() throws IOException {
    Path segment = write();
    byte[] whole = Files.readAllBytes(segment);
    long before = 0;
    for (int length = 0; length <= whole.length; length++) {
      Files.write(segment, Arrays.copyOf(whole, length));
      long reached = reached();
      assertThat(reached).as("cut at %d", length).isBetween(before, before + 1);
      before = reached;
    }
    assertThat(before).isEqualTo(ENTRIES);
  }

  @Test
  void zerosFromAnyByteOnGiveTheEntriesBeforeThem() throws IOException {
    Path segment = write();
    byte[] whole = Files.readAllBytes(segment);
    long before = ENTRIES;
    for (int length = whole.length - 1; length >= 0; length--) {
      byte[] torn = whole.clone();
      Arrays.fill(torn, length, torn.length, (byte) 0);
      Files.write(segment, torn);
      long reached = reached();
      assertThat(reached).as("zeros from %d", length).isBetween(before - 1, before);
      before = reached;
    }
    assertThat(before).isZero();
  }

  @Test
  void aWrongByteAnywhereIsNeverTakenForAnEntry() throws IOException {
    Path segment = write();
    byte[] whole = Files.readAllBytes(segment);
    for (int at = 0; at < whole.length; at++) {
      byte[] torn = whole.clone();
      torn[at] ^= 0x40;
      Files.write(segment, torn);
      // Replay checks each index and event; padding may differ without harm.
      assertThat(reached()).as("wrong byte at %d", at).isBetween(0L, (long) ENTRIES);
    }
  }

  @Test
  void aReignBehindATornTailGoesOnAndKeepsTheBytes() throws IOException {
    Path segment = write();
    byte[] whole = Files.readAllBytes(segment);
    Files.write(segment, Arrays.copyOf(whole, whole.length - 20));

    HamState state = Histories.empty();
    LogStore.Config next = Histories.plain(directory, "boot-2");
    for (long i = 1; i < ENTRIES; i++) {
      state = Histories.apply(state, Histories.entry(1, 1, i));
    }
    state = LogStoreTest.reign(next, 2, state, 5);

    assertThat(LogStoreTest.count(segment.getParent(), "aside-")).isEqualTo(1);
    try (LogStore store = LogStore.open(Histories.plain(directory, "boot-3"))) {
      assertThat(Histories.replay(store.recovered())).isEqualTo(state);
    }
  }

  @Test
  void aDamagedSnapshotIsPassedOver() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    write();
    LogDirectory disk = new LogDirectory(config.stateDir().resolve("log"));
    assertThat(Recovery.end(disk).mark().index()).isEqualTo(ENTRIES);

    for (Path snapshot : disk.snapshots()) {
      byte[] bytes = Files.readAllBytes(snapshot);
      bytes[bytes.length - 1] ^= 0x40;
      Files.write(snapshot, bytes);
    }

    assertTheEndIsFound();
  }

  /** As a successor looks for it, which decodes nothing, it is where recovery ends. */
  private void assertTheEndIsFound() throws IOException {
    LogDirectory disk =
        new LogDirectory(Histories.plain(directory, "boot-2").stateDir().resolve("log"));
    Recovery.Found found =
        Recovery.find(disk, Recovery.snapshots(List.of(disk), new ArrayList<>()), true);
    assertThat(Recovery.end(disk)).isEqualTo(found == null ? null : found.end());
  }

  /** A log of some entries; returns its one segment on disk. */
  private Path write() throws IOException {
    LogStore.Config config = Histories.plain(directory, Histories.BOOT);
    LogStoreTest.reign(config, 1, Histories.empty(), ENTRIES);
    LogDirectory disk = new LogDirectory(config.stateDir().resolve("log"));
    assertThat(disk.segments()).hasSize(1);
    return disk.segment(disk.segments().getFirst());
  }

  private long reached() throws IOException {
    assertTheEndIsFound();
    try (LogStore store = LogStore.open(Histories.plain(directory, "boot-2"))) {
      HamState state = Histories.replay(store.recovered());
      for (var entry : store.recovered().entries()) {
        assertThat(entry).isEqualTo(Histories.entry(1, 1, entry.id().index()));
      }
      return state.last().index();
    }
  }
}

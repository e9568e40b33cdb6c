package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.manager.port.BeatTable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files of another user, which that user may spoil. Needs root. */
class ForeignBeatTableTest extends MappedBeatTableTest {
  private static final int NOBODY = 65_534;

  @BeforeEach
  void needsRoot() {
    boolean root = "root".equals(System.getProperty("user.name"));
    if (System.getProperty("hamlet.it.require", "").contains("root")) {
      assertThat(root).as("hamlet.it.require names root").isTrue();
    }
    Assumptions.assumeTrue(root, "only root can give files to another user");
  }

  @Override
  protected long uid() {
    return NOBODY;
  }

  @Test
  void theFileIsItsUsersAndNobodyElses() throws IOException {
    Path file = Path.of(table().locate(take(1)).path());
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(NOBODY);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Path directory = file.getParent();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx--x--x");
    Path holders = directory.resolve(file.getFileName().toString().replace("beats", "holders"));
    assertThat(Files.getAttribute(holders, "unix:uid")).isEqualTo(0);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(holders)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileCutShortOnlyStopsItsOwnBeats() throws IOException {
    int slot = take(1);
    long generation = table().generation(slot);
    store(slot, generation << 32 | 4);
    long before = table().counter(slot, generation);
    BeatTable.Location place = table().locate(slot);
    try (RandomAccessFile file = new RandomAccessFile(place.path(), "rw")) {
      file.setLength(3);
    }
    assertThat(table().counter(slot, generation)).isEqualTo(before);
    table().beat(slot, generation);
    assertThat(table().counter(slot, generation)).isNotEqualTo(before);
  }

  @Test
  void anInterruptedReaderStillReads() {
    int slot = take(1);
    long generation = table().generation(slot);
    Thread.currentThread().interrupt();
    table().counter(slot, generation);
    assertThat(Thread.interrupted()).isTrue();
    long before = table().counter(slot, generation);
    store(slot, generation << 32 | 4);
    assertThat(table().counter(slot, generation)).isNotEqualTo(before);
  }
}

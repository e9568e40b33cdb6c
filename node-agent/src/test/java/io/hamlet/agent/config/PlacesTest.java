package io.hamlet.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacesTest {
  @TempDir Path directory;

  @Test
  void twoStatesOfOneNameShareNothing() {
    Places one = Places.of("n", directory.resolve("one"), null, environment());
    Places two = Places.of("n", directory.resolve("two"), null, environment());
    assertThat(one.memory()).isNotEqualTo(two.memory());
    assertThat(one.socket()).isNotEqualTo(two.socket());
  }

  @Test
  void oneDirectoryHasOneSpelling() throws Exception {
    Path real = Files.createDirectories(directory.resolve("real"));
    Files.createSymbolicLink(directory.resolve("link"), real);
    Places straight = Places.of("n", real.resolve("s"), null, environment());
    Places crooked = Places.of("n", directory.resolve("link/../real/s"), null, environment());
    Places linked = Places.of("n", directory.resolve("link/s"), null, environment());
    assertThat(crooked).isEqualTo(straight);
    assertThat(linked).isEqualTo(straight);
  }

  @Test
  void memoryIsOnTmpfs() throws Exception {
    Places places = Places.of("n", directory.resolve("s"), null, environment());
    Path there = places.memory();
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    assertThat(Files.getFileStore(there).type()).isEqualTo("tmpfs");
  }

  @Test
  void makesPrivateDirectoriesAndLinksTheSocket() throws Exception {
    Places places =
        new Places(directory.resolve("s"), directory.resolve("r/ham.sock"), directory.resolve("m"));
    places.create();
    places.create();
    for (Path made : new Path[] {places.state(), directory.resolve("r"), places.memory()}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rwx------");
    }
    places.linkSocket();
    places.linkSocket();
    assertThat(Files.readSymbolicLink(directory.resolve("s/ham.sock"))).isEqualTo(places.socket());
  }

  @Test
  void refusesADirectoryInSharedMemoryThatOthersMayEnter() throws Exception {
    Path open = Files.createTempDirectory(Path.of("/dev/shm"), "hamlet-test");
    try {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
      Places places =
          new Places(directory.resolve("s"), directory.resolve("ham.sock"), open.resolve("n"));
      assertThatThrownBy(places::create).hasMessageContaining("not a private directory");
      Files.delete(open.resolve("n"));
    } finally {
      Files.delete(open);
    }
  }

  private Map<String, String> environment() {
    return Map.of("HOME", directory.toString());
  }
}

package io.hamlet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.config.Places;
import io.hamlet.manager.log.StateLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only what is provably nobody's is removed. */
class LeftoversTest {
  @TempDir Path directory;
  private Path own;
  private Path memory;
  private Path state;

  @BeforeEach
  void twoNodes() throws IOException {
    own = directory.resolve("memory/own");
    Files.createDirectories(own.resolve("log"));
    memory = directory.resolve("memory/other");
    Files.createDirectories(memory.resolve("log"));
    Files.writeString(memory.resolve("log/segment-1"), "x");
    state = Files.createDirectories(directory.resolve("disk/other"));
    Leftovers.record(new Places(state, directory.resolve("s"), memory));
  }

  @Test
  void memoryOfANodeWhoseStateIsGoneIsRemoved() throws IOException {
    Files.delete(state);
    Files.delete(state.getParent());
    Leftovers.clear(own);
    assertThat(memory).doesNotExist();
    assertThat(own).exists();
  }

  @Test
  void thatOfOneWhoseStateIsThereStays() {
    Leftovers.clear(own);
    assertThat(memory.resolve("log/segment-1")).exists();
  }

  @Test
  void thatOfALivingNodeStays() throws IOException {
    Files.delete(state);
    try (StateLock _ = StateLock.take(memory.resolve("log"))) {
      Leftovers.clear(own);
      assertThat(memory.resolve("log/segment-1")).exists();
    }
  }

  @Test
  void whileADiskIsNotMountedNothingIsProved() throws IOException {
    Files.delete(state);
    Files.writeString(memory.resolve("state"), "1 " + state + "\n");
    Leftovers.clear(own);
    assertThat(memory.resolve("log/segment-1")).exists();
  }

  @Test
  void whatSaysNothingOrNonsenseStays() throws IOException {
    Files.delete(state);
    Files.writeString(memory.resolve("state"), "nonsense");
    Path silent = Files.createDirectories(directory.resolve("memory/silent/log"));
    Leftovers.clear(own);
    assertThat(memory).exists();
    assertThat(silent).exists();
  }
}

package io.hamlet.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PapersTest {
  @TempDir Path state;
  private Path file;
  private Papers papers;

  @BeforeEach
  void aNodeThatVotes() throws IOException {
    file = state.resolve("cluster");
    papers =
        Papers.atStart(file, "here", 1_500_000_000L)
            .withId("here-1")
            .withIncarnation(3)
            .withVoters(Map.of("a", "127.0.0.1:1", "b", "[::1]:2"), 128);
    papers.write(file);
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    assertThat(Papers.read(file, "here")).isEqualTo(papers);
  }

  @Test
  void anotherStartKeepsAllButItself() throws IOException {
    Papers next = Papers.atStart(file, "here", 6_000_000_000L);
    assertThat(next.lease()).isEqualTo(6_000_000_000L);
    assertThat(next.start()).isNotEqualTo(papers.start());
    assertThat(next.joined()).isFalse();
    assertThat(next.stateId()).isEqualTo(papers.stateId());
    assertThat(next.voters()).isEqualTo(papers.voters());
    assertThat(next.since()).isEqualTo(128);
  }

  @Test
  void anotherClusterAndDamageAreRefusedAndStay() throws IOException {
    assertRefused("there", "is of the cluster 'here', not 'there'");
    String whole = Files.readString(file);
    Files.writeString(file, whole.replace("since 128", "since x"));
    assertRefused("here", "is damaged");
    Files.writeString(file, whole.replace("lease 1500000000", "lease 9999999999999"));
    assertRefused("here", "is damaged");
  }

  /**
   * Places of commands were indexes of entries then. A node that went by both would take its own
   * vote for one that was taken from it.
   */
  @Test
  void whatAnOlderVersionWroteIsRefusedAndStays() throws IOException {
    Files.writeString(file, Files.readString(file).replace("hamlet cluster 2", "hamlet cluster 1"));
    assertRefused("here", "was written by an older Hamlet");
  }

  private void assertRefused(String cluster, String why) throws IOException {
    String before = Files.readString(file);
    assertThatThrownBy(() -> Papers.atStart(file, cluster, 1_500_000_000L))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why);
    assertThat(Files.readString(file)).isEqualTo(before);
  }
}

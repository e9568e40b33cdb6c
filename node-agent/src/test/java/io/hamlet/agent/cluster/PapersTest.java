package io.hamlet.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.core.cluster.FenceRule;
import io.hamlet.core.cluster.Terms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PapersTest {
  private static final Terms TERMS = new Terms(1_500_000_000L, 250_000_000L, FenceRule.WHEN_UNSURE);
  private static final Terms LONGER = Terms.ofLease(6_000_000_000L);

  @TempDir Path state;
  private Path file;
  private Papers papers;

  @BeforeEach
  void aNodeThatVotes() throws IOException {
    file = state.resolve("cluster");
    papers =
        Papers.atStart(file, "here", TERMS)
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
    Papers next = Papers.atStart(file, "here", LONGER);
    assertThat(next.terms()).isEqualTo(LONGER);
    assertThat(next.start()).isNotEqualTo(papers.start());
    assertThat(next.joined()).isFalse();
    assertThat(next.stateId()).isEqualTo(papers.stateId());
    assertThat(next.voters()).isEqualTo(papers.voters());
    assertThat(next.since()).isEqualTo(128);
  }

  /** Builds of one day had neither; a node of one that is started again goes on. */
  @Test
  void withoutGraceAndFencingThereAreNone() throws IOException {
    String whole = Files.readString(file);
    Files.writeString(file, whole.replace("grace 250000000\nfencing WHEN_UNSURE\n", ""));
    assertThat(Papers.read(file, "here").terms()).isEqualTo(Terms.ofLease(1_500_000_000L));
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
    assertThatThrownBy(() -> Papers.atStart(file, cluster, TERMS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why);
    assertThat(Files.readString(file)).isEqualTo(before);
  }
}

package io.hamlet.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told is bounded, whatever a program says. */
class NarratorTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Narrator narrator =
      new Narrator("n", new PrintStream(bytes, true, StandardCharsets.UTF_8));

  private List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void aFloodIsCutAndThenSaidToBeCut() {
    long now = 1_000_000_000_000L;
    for (int i = 0; i < 1_000; i++) {
      narrator.tell("line " + i, now);
    }
    assertThat(lines()).hasSize(Narrator.BURST).first().isEqualTo("ham: n: line 0");
    narrator.tell("later", now + 2 * Narrator.PACE_NANOS);
    assertThat(lines().subList(Narrator.BURST, Narrator.BURST + 2))
        .containsExactly(
            "ham: n: " + (1_000 - Narrator.BURST) + " lines were not told: it says too much",
            "ham: n: later");
  }

  @Test
  void whoSpeaksSeldomIsNeverCut() {
    for (int i = 0; i < 1_000; i++) {
      narrator.tell("line", i * Narrator.PACE_NANOS);
    }
    assertThat(lines()).hasSize(1_000);
  }
}

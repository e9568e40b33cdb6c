package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo does what it says, prints one document, and leaves nothing behind (cli.md 6). */
class DemoIT {
  @TempDir Path directory;

  @Test
  void everyStepDoesWhatItSays() throws IOException, InterruptedException {
    Path narration = directory.resolve("narration");
    Process demo =
        new ProcessBuilder(LiveNode.program().toString(), "demo", "-o", "json")
            .redirectError(narration.toFile())
            .start();
    String document = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(demo.waitFor()).as(document + Files.readString(narration)).isZero();
    assertThat(document.lines()).hasSize(1);
    assertThat(document)
        .startsWith("{\"steps\":[{\"step\":1,\"ok\":true,\"ms\":")
        .contains("\"evidence\":{", "\"pid_after\":")
        .contains(IntStream.rangeClosed(2, 6).mapToObj(DemoIT::done).toList())
        .doesNotContain("\"ok\":false");
    String told = document + Files.readString(narration);
    // Root without one is as good as without the right; last, for all else is shown without it.
    Needs.that("cgroup", "a writable cgroup v2", !told.contains("cgroup v2 is not writable here"));
    assertThat(told).contains("\"roaming_to\":\"demo-");
  }

  private static String done(int step) {
    return "{\"step\":" + step + ",\"ok\":true,\"ms\":";
  }
}

package io.hamlet.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A seed is one run, whatever goes on around it; the digest of all that happens says so. */
class SameRunTest {
  private static final List<String> SEEDS = List.of("--cluster", "--seed", "2", "--count", "3");

  /** What is not the same in two programs: identity hashes, the salt of Set.of, time. */
  @Test
  void itIsTheSameInAnotherProgram() throws Exception {
    String first = run("-XX:hashCode=2", "-XX:TieredStopAtLevel=1");
    assertThat(first).contains("seed 4: ", " events ");
    assertThat(run("-XX:hashCode=3")).isEqualTo(first);
    assertThat(run("-XX:hashCode=5", "-XX:+UseParallelGC")).isEqualTo(first);
  }

  @Test
  void itIsTheSameWhenItIsHeldUp() {
    for (Flaw flaw : List.of(Flaw.NONE, Flaw.LYING_DISK)) {
      String smooth = here(flaw, null);
      assertThat(here(flaw, new Pauses())).as(flaw.name()).isEqualTo(smooth);
    }
  }

  /** Takes the memory that is free, and time, in the middle of what happens. */
  private static final class Pauses implements Appendable {
    private long lines;

    @Override
    public Appendable append(CharSequence line) {
      if (++lines % 4_000 == 0) {
        System.gc();
      }
      return this;
    }

    @Override
    public Appendable append(CharSequence line, int start, int end) {
      return append(line);
    }

    @Override
    public Appendable append(char c) {
      return this;
    }
  }

  private static String here(Flaw flaw, Appendable lines) {
    try (SimFiles files = new SimFiles()) {
      ClusterWorld world = new ClusterWorld(3, files.directory(), Shape.WIDE, flaw, lines);
      return world.run() + world.trace.digest();
    }
  }

  private static String run(String... options) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-XX:+UnlockExperimentalVMOptions");
    line.addAll(List.of(options));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), SimMain.class.getName()));
    line.addAll(SEEDS);
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said;
    }
  }
}

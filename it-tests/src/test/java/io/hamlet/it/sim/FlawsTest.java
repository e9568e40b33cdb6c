package io.hamlet.it.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each checker of the simulated cluster finds the mistake that it is there to find. */
class FlawsTest {
  /** No seed finds everything, and some flaws show in one of fifteen only. */
  private static final int SEEDS = 160;

  @ParameterizedTest
  @CsvSource({
    "LEASE, has ended healthy managers",
    "LEASH, OneOwnerPerEntity",
    "FENCE_AGE, it holds its lease",
    "FENCE_DEAF, it holds its lease",
    "TOKEN, after token",
    "NEVER_AGAIN, fenced in peace",
    "SKIPPED_ENTRY, another state of the cluster",
    "LYING_DISK, was told",
    "TWICE, 'times, asked'",
    "HASTY, did not hear it",
    "LOST_PROPOSALS, still wait",
  })
  void itIsFound(Flaw flaw, String words) {
    List<String> found =
        LongStream.rangeClosed(1, SEEDS)
            .mapToObj(seed -> faults(seed, flaw))
            .filter(faults -> faults.stream().anyMatch(f -> f.contains(words)))
            .findFirst()
            .orElse(List.of());
    assertThat(found).as("seeds 1 to %d with %s", SEEDS, flaw).isNotEmpty();
  }

  private static List<String> faults(long seed, Flaw flaw) {
    try (SimFiles files = new SimFiles()) {
      return new ClusterWorld(seed, files.directory(), flaw, null).run();
    }
  }
}

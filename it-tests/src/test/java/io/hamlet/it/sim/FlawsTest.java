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
    "LEASE, PLAIN, has ended healthy managers",
    "LEASH, PLAIN, OneOwnerPerEntity",
    "FENCE_AGE, PLAIN, it holds its lease",
    "FENCE_DEAF, PLAIN, it holds its lease",
    "TOKEN, PLAIN, after token",
    "NEVER_STARTED, WIDE, Recovers",
    "NEVER_AGAIN, PLAIN, fenced in peace",
    "SKIPPED_ENTRY, PLAIN, another state of the cluster",
    "LYING_DISK, PLAIN, was told",
    "TWICE, PLAIN, 'times, asked'",
    "HASTY, PLAIN, did not hear it",
    "LOST_PROPOSALS, PLAIN, still wait",
  })
  void itIsFound(Flaw flaw, Shape shape, String words) {
    List<String> found =
        LongStream.rangeClosed(1, SEEDS)
            .mapToObj(seed -> faults(seed, shape, flaw))
            .filter(faults -> faults.stream().anyMatch(f -> f.contains(words)))
            .findFirst()
            .orElse(List.of());
    assertThat(found).as("seeds 1 to %d with %s", SEEDS, flaw).isNotEmpty();
  }

  private static List<String> faults(long seed, Shape shape, Flaw flaw) {
    try (SimFiles files = new SimFiles()) {
      return new ClusterWorld(seed, files.directory(), shape, flaw, null).run();
    }
  }
}

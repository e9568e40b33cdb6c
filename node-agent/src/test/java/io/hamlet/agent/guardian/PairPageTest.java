package io.hamlet.agent.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairPageTest {
  private final Kernel kernel = new FfmKernel();

  @TempDir Path directory;

  /** Found in review: a Guardian found another file by that name, and its HAM silent. */
  @Test
  void whoGetsThePageHasItAlsoWhenItsNameIsAnothers() throws IOException {
    Path file = directory.resolve("pair");
    try (PairPage ham = PairPage.open(kernel, file)) {
      Files.delete(file);
      try (PairPage other = PairPage.open(kernel, file);
          PairPage guardian = PairPage.open(kernel, PairPage.at(ham.descriptor()))) {
        ham.beatHam();
        guardian.beatGuardian();
        assertThat(guardian.ham()).isEqualTo(1);
        assertThat(ham.guardian()).isEqualTo(1);
        assertThat(other.ham()).isZero();
      }
    }
  }

  @Test
  void theNextOfThePairFindsWhatWasThere() throws IOException {
    Path file = directory.resolve("pair");
    try (PairPage first = PairPage.open(kernel, file)) {
      first.setLeash(7);
    }
    try (PairPage next = PairPage.open(kernel, file)) {
      assertThat(next.leash()).isEqualTo(7);
    }
  }
}

package io.hamlet.agent.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DescriptorRoomTest {
  private final Kernel kernel = new FfmKernel();

  @Test
  void theTableHasRoomAndNothingIsLeftOpen() throws Exception {
    long room = kernel.makeRoom(4096);

    assertThat(room).isBetween(512L, 4096L);
    assertThat(tableSize()).isGreaterThanOrEqualTo(room);
    assertThat(Path.of("/proc/self/fd/" + (room - 1))).doesNotExist();
  }

  @Test
  void asMuchAsTheLimitAllows() throws Exception {
    long room = kernel.makeRoom(1 << 20);

    assertThat(room).isPositive();
    assertThat(tableSize()).isGreaterThanOrEqualTo(room);
  }

  private static long tableSize() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("FDSize:"))
        .mapToLong(line -> Long.parseLong(line.substring(7).strip()))
        .findFirst()
        .orElseThrow();
  }
}

package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.recovery.HamState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer that is killed at any instant loses nothing that it acknowledged. */
class KilledWriterTest {
  private static final int ROUNDS = 50;
  private static final int ROUNDS_OF_A_BOOT = 5;

  @TempDir Path directory;

  @Test
  void nothingAcknowledgedIsLost() throws Exception {
    Random random = new Random();
    long reached = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      String boot = "boot-" + round / ROUNDS_OF_A_BOOT;
      boolean reboot = (round + 1) % ROUNDS_OF_A_BOOT == 0;
      runAndKill(round, boot, reached, random.nextLong(TimeUnit.MILLISECONDS.toNanos(120)));
      long local = acknowledged(0);
      long durable = acknowledged(8);
      LogStore.Config next = Appender.config(directory, reboot ? "boot-after" : boot);
      try (LogStore store = LogStore.open(next)) {
        // Replay fails at a gap; checksums are checked by the reader.
        HamState state = Histories.replay(store.recovered());
        long index = state.last().index();
        assertThat(index).isGreaterThanOrEqualTo(reboot ? durable : Math.max(local, reached));
        if (local > 0) {
          assertThat(store.recovered().sameBoot()).isEqualTo(!reboot);
        }
        assertThat(state.verbosity()).isEqualTo(Long.hashCode(index * 31));
        reached = index;
      }
    }
  }

  private void runAndKill(long epoch, String boot, long reached, long nanos) throws Exception {
    Files.deleteIfExists(directory.resolve("acknowledged"));
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Appender.class.getName(),
                directory.toString(),
                Long.toString(epoch),
                boot)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    try {
      if (epoch % 3 != 0) {
        await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(1))
            .until(() -> acknowledged(8) > reached || !process.isAlive());
      } else {
        // These die anywhere, most of them while they begin.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(120));
      }
      assertThat(process.isAlive()).as(Files.readString(directory.resolve("output"))).isTrue();
      // Not a wait for anything: the instant of the kill is to be a random one.
      LockSupport.parkNanos(nanos);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private long acknowledged(int offset) throws IOException {
    Path file = directory.resolve("acknowledged");
    if (!Files.exists(file) || Files.size(file) < 16) {
      return 0;
    }
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
  }
}

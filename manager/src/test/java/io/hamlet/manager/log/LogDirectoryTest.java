package io.hamlet.manager.log;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The files of a log, listed where that fails. */
class LogDirectoryTest {
  /**
   * Found in review: the error ended the thread that lists, which tries again after an IOException.
   * What a dead process sees of the network can be opened and not be listed.
   */
  @Test
  void anErrorWhileItIsListedIsOneOfTheDisk() throws IOException {
    Process parent = new ProcessBuilder("sh", "-c", "sleep 0 & echo $!; exec sleep 1000").start();
    try {
      Path dead = Path.of("/proc", parent.inputReader().readLine());
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.readString(dead.resolve("stat")).contains(") Z "));
      LogDirectory directory = new LogDirectory(dead.resolve("net"));

      assertThatThrownBy(directory::segments).isInstanceOf(IOException.class);
      assertThatThrownBy(directory::snapshots).isInstanceOf(IOException.class);
    } finally {
      parent.destroyForcibly();
    }
  }
}

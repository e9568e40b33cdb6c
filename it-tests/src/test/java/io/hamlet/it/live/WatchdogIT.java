package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.Sam;
import io.hamlet.client.SamContract;
import io.hamlet.client.SamFlag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The watchdog of the host (sam.md 4.7), with a file in its place: each petting is a line. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class WatchdogIT {
  @TempDir Path directory;
  private Path device;

  private void isPetted() {
    long before = pets();
    Until.isTrue("it is petted", () -> pets() > before);
  }

  private long pets() {
    return device.toFile().length();
  }

  private static boolean complains(LiveNode node) throws InterruptedException {
    return node.ham().status().notices().stream().anyMatch(n -> n.contains("is not petted"));
  }

  @Test
  void itIsPettedUntilAProgramFailsForGoodAndAgainWhenThatIsCleared() throws Exception {
    device = Files.createFile(directory.resolve("watchdog"));
    try (LiveNode node =
        LiveNode.start(
            directory.resolve("node"),
            "one",
            "--watchdog",
            device.toString(),
            "--watchdog-timeout",
            "2s")) {
      isPetted();
      SamContract contract =
          SamContract.of(Duration.ZERO, RecoveryPolicy.QUIT, SamFlag.PUBLISH).startNow(true);
      Sam sam = Sam.launch(node.ham(), "app", contract, Command.of("/bin/false"), new byte[0]);
      Until.isTrue("it is not petted", () -> complains(node));
      assertThat(sam.look().state()).isEqualTo("failed");
      long stopped = pets();
      // A program without messages ends after two intervals: time enough for three pettings.
      SamContract silent =
          SamContract.of(Duration.ofMillis(1_500), RecoveryPolicy.QUIT).startNow(true);
      String deaf = "trap '' TERM; while :; do sleep 0.1; done";
      Sam other =
          Sam.launch(node.ham(), "other", silent, Command.of("/bin/sh", "-c", deaf), new byte[0]);
      Until.isTrue("it is ended", () -> other.look().isOver());
      assertThat(pets()).isEqualTo(stopped);
      sam.clear();
      Until.isTrue("it is petted again", () -> !complains(node) && pets() > stopped);

      Until.isTrue("a Guardian stands by", () -> node.guardianPid() != 0);
      node.kill(List.of(node.hamPid()));
      isPetted();

      node.ham().stop();
      node.awaitEnd();
      assertThat(Files.readString(device, StandardCharsets.US_ASCII)).endsWith("V");
    }
  }
}

package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Output files do not grow without end. */
class LogFilesTest {
  @TempDir Path directory;

  @Test
  void fullFileIsCopiedAndCutAndThreeAreKept() throws IOException {
    Path log = directory.resolve("x.log");
    try (Reactor reactor = new Reactor(new FfmKernel());
        Workers workers = new Workers("test-logs", 1)) {
      LogFiles files = new LogFiles(reactor, workers, 10);
      files.grows(log.toString());
      for (int i = 1; i <= 5; i++) {
        Files.writeString(
            log, "number " + i + " of five", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        files.grows(log.toString());
        await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () -> {
                  reactor.await(0);
                  return Files.size(log) == 0;
                });
      }
    }
    assertThat(directory.resolve("x.log.1")).hasContent("number 5 of five");
    assertThat(directory.resolve("x.log.3")).hasContent("number 3 of five");
    assertThat(directory.resolve("x.log.4")).doesNotExist();
  }

  @Test
  void filesThatAreLookedAtTogetherAreCutEach() throws IOException {
    List<Path> logs = IntStream.range(0, 100).mapToObj(i -> directory.resolve(i + ".log")).toList();
    try (Reactor reactor = new Reactor(new FfmKernel());
        Workers workers = new Workers("test-logs", 1)) {
      LogFiles files = new LogFiles(reactor, workers, 10);
      for (Path log : logs) {
        Files.writeString(log, "short");
        files.grows(log.toString());
      }
      Files.delete(logs.get(7));
      for (Path log : logs.subList(50, 100)) {
        Files.writeString(log, "longer than ten bytes");
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                reactor.await(0);
                return logs.subList(50, 100).stream().allMatch(log -> log.toFile().length() == 0);
              });
    }
    assertThat(logs.subList(8, 50)).allSatisfy(log -> assertThat(log).hasContent("short"));
  }

  /** Seen in review: it was taken for the end of the log, which grew without bound then. */
  @Test
  void anOldFileThatAnotherTakesAwayEndsNothing() throws IOException {
    Path log = directory.resolve("x.log");
    Path other = directory.resolve("y.log");
    Path link = Files.createSymbolicLink(directory.resolve("x.log.1"), directory.resolve("no/x"));
    try (Reactor reactor = new Reactor(new FfmKernel());
        Workers workers = new Workers("test-logs", 1)) {
      LogFiles files = new LogFiles(reactor, workers, 10);
      for (Path each : List.of(log, other)) {
        Files.writeString(each, "longer than ten bytes");
        files.grows(each.toString());
      }
      awaitCut(reactor, other);
      assertThat(log).hasContent("longer than ten bytes");
      Files.delete(link);
      awaitCut(reactor, log);
    }
  }

  private static void awaitCut(Reactor reactor, Path log) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              reactor.await(0);
              return log.toFile().length() == 0;
            });
  }

  @Test
  void longNamesGetDifferentFilesOfLegalLength() {
    Workplace place =
        new Workplace(directory, directory, null, Path.of("/etc"), List.of(), Duration.ZERO);
    Path one = place.logFile("\u00e9".repeat(126) + "a");
    Path other = place.logFile("\u00e9".repeat(126) + "b");
    assertThat(one).isNotEqualTo(other);
    assertThat(one.getFileName().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .hasSizeLessThan(256);
    assertThat(place.logFile("short")).hasFileName("short.log");
  }
}

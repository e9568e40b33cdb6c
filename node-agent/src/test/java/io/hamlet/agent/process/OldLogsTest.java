package io.hamlet.agent.process;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.agent.os.Reactor;
import io.hamlet.agent.os.ffm.FfmKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Found in review: the output of entities that were removed was kept for ever. */
class OldLogsTest {
  private static final int MORE = 20;

  @TempDir Path directory;

  @Test
  void theNewestOfThoseThatAreGoneAreKeptAndAllThatAreThere() throws IOException {
    List<Path> gone = logs("gone", OldLogs.KEPT + MORE);
    List<Path> there = logs("there", 3);
    Path other = Files.writeString(directory.resolve("notes"), "not ours");

    OldLogs.sweep(directory, () -> Set.copyOf(there));

    assertThat(gone.subList(0, MORE))
        .allSatisfy(log -> assertThat(log).doesNotExist())
        .allSatisfy(log -> assertThat(log.resolveSibling(log.getFileName() + ".1")).doesNotExist());
    assertThat(gone.subList(MORE, gone.size())).allSatisfy(log -> assertThat(log).exists());
    assertThat(there)
        .allSatisfy(log -> assertThat(log).exists())
        .allSatisfy(log -> assertThat(log.resolveSibling(log.getFileName() + ".1")).exists());
    assertThat(other).exists();
  }

  @Test
  void oneThatComesBackMeanwhileIsKept() throws IOException {
    List<Path> gone = logs("gone", OldLogs.KEPT + 1);
    List<Set<Path>> used = new ArrayList<>(List.of(Set.of(), Set.copyOf(gone)));

    OldLogs.sweep(directory, used::removeFirst);

    assertThat(gone).allSatisfy(log -> assertThat(log).exists());
  }

  @Test
  void aDirectoryThatIsGoneIsNoReasonToFail() {
    OldLogs.sweep(directory.resolve("none"), Set::of);
  }

  @Test
  void theyAreLookedAtAsOftenAsManyNewOnesCome() throws IOException {
    AtomicInteger looks = new AtomicInteger();
    try (Reactor reactor = new Reactor(new FfmKernel());
        Workers workers = new Workers("test-logs", 1)) {
      LogFiles files = new LogFiles(reactor, workers, 10);
      files.tidies(looks::incrementAndGet, Duration.ofMillis(10));
      awaitLooks(reactor, looks, 1);
      for (int i = 0; i < OldLogs.KEPT; i++) {
        files.grows(directory.resolve("new" + i + ".log").toString());
      }
      awaitLooks(reactor, looks, 2);
    }
  }

  private static void awaitLooks(Reactor reactor, AtomicInteger looks, int count) {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              reactor.await(0);
              return looks.get() >= count;
            });
  }

  /** The first are the oldest; each was cut once. */
  private List<Path> logs(String name, int count) throws IOException {
    List<Path> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path log = Files.writeString(directory.resolve(name + i + ".log"), "text");
      Path cut = Files.writeString(directory.resolve(name + i + ".log.1"), "text");
      FileTime time = FileTime.from(Duration.ofDays(1).plusSeconds(i).toSeconds(), SECONDS);
      Files.setLastModifiedTime(log, time);
      Files.setLastModifiedTime(cut, time);
      all.add(log);
    }
    return all;
  }
}

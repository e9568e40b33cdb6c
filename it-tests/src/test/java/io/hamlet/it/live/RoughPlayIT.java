package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Rough things done to what a node keeps around: its gates, its outputs, its entities in masses.
 */
class RoughPlayIT extends LiveTest {
  private static final long MOST_OUTPUT = 100L << 20;

  @Test
  void restartsGoOnWhenAllWaitingGatesWereKilled() throws Exception {
    long pid = watched("service", "/bin/sleep", "1000").pid();
    for (int round = 0; round < 3; round++) {
      gates().forEach(gate -> Proc.signal("KILL", gate));
      Proc.signal("KILL", pid);
      pid = successor("service", pid);
    }
    long last = pid;
    // For a moment it is one that is to become that program.
    Until.isTrue("it sleeps", () -> Proc.commandLine(last).equals("/bin/sleep 1000"));
  }

  @Test
  void restartsGoOnWhenAllWaitingGatesWereStopped() throws Exception {
    String seconds = "2000." + ProcessHandle.current().pid();
    long pid = watched("service", "/bin/sleep", seconds).pid();
    gates().forEach(gate -> Proc.signal("STOP", gate));

    Proc.signal("KILL", pid);

    long next = successor("service", pid);
    Until.isTrue(
        "it alone runs", () -> Proc.running("/bin/sleep " + seconds).equals(List.of(next)));

    List<Long> left = gates();
    left.forEach(gate -> Proc.signal("STOP", gate));
    node.ham().stopWithEntities(Duration.ofSeconds(1));
    assertThat(node.awaitEnd()).isZero();
    Until.isTrue("the stopped gates have ended too", () -> left.stream().noneMatch(Proc::isAlive));
  }

  @Test
  void gatesThatWereStoppedBeforeEverythingDiedAreEndedByTheSuccessor() throws Exception {
    long pid = watched("service", "/bin/sleep", "1000").pid();
    Needs.that("root", "a cgroup for each entity", inCgroup(pid));
    List<Long> left = gates();
    left.forEach(gate -> Proc.signal("STOP", gate));
    Proc.signal("STOP", pid);

    node.killEverything();
    assertThat(left).isNotEmpty().allMatch(Proc::isAlive);
    node.launch();

    Until.isTrue("the stopped gates have ended", () -> left.stream().noneMatch(Proc::isAlive));
    assertThat(Proc.state(pid)).as("an entity that was stopped stays so").isEqualTo("T");
    assertThat(node.pid("service")).isEqualTo(pid);
  }

  private static boolean inCgroup(long pid) throws IOException {
    return Files.readString(Path.of("/proc/" + pid + "/cgroup")).contains("/hamlet-");
  }

  @Test
  void aProgramThatWritesWithoutEndDoesNotFillTheDisk() throws Exception {
    long pid = watched("chatter", "/usr/bin/yes", "a line that is written again and again").pid();
    Until.isTrue("its output is rotated three times", () -> has("chatter.log.3"));
    Proc.signal("STOP", pid);
    Until.isTrue("little is kept of it", () -> size(node.state()) < MOST_OUTPUT);
    assertThat(node.pid("chatter")).isEqualTo(pid);
  }

  @Test
  void twoHundredEntitiesKilledAtOnceAreAllBack() throws Exception {
    List<String> names = Stream.iterate(0, i -> i + 1).limit(200).map(i -> "e" + i).toList();
    for (String name : names) {
      watched(name, "/bin/sleep", "1000." + ProcessHandle.current().pid());
    }
    String words = "/bin/sleep 1000." + ProcessHandle.current().pid();
    List<Long> first =
        Until.given(
            "all run",
            () -> {
              List<Long> now = Proc.running(words);
              return now.size() == 200 ? now : null;
            });

    first.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));

    Until.isTrue(
        "all are back",
        () -> {
          List<Long> now = Proc.running(words);
          return now.size() == 200 && now.stream().noneMatch(first::contains);
        });
    for (String name : names) {
      Until.isTrue(name + " is told as up", () -> node.object(name).restarts() == 1);
    }
  }

  private List<Long> gates() throws InterruptedException {
    return Proc.children(node.hamPid()).stream()
        .filter(p -> Proc.commandLine(p).equals("sh"))
        .toList();
  }

  private boolean has(String name) throws IOException {
    try (Stream<Path> files = Files.walk(node.state())) {
      return files.anyMatch(f -> f.endsWith(name));
    }
  }

  private static long size(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
    }
  }
}

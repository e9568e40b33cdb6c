package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.TreeObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher as the first process of a container: it buries, obeys, and tells how it ended. */
class ContainerIT {
  @TempDir Path directory;
  private Process container;
  private long init;
  private Ham ham;

  @BeforeEach
  void check() {
    Needs.root();
    Needs.that("programs", "unshare and nsenter", Files.isExecutable(Path.of("/usr/bin/nsenter")));
  }

  @AfterEach
  void remove() {
    if (ham != null) {
      ham.close();
    }
    if (container != null) {
      Proc.signal("KILL", init);
      Until.isTrue("the container is gone", () -> !container.isAlive());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalToItEndsTheNodeAndTheContainer(String signal) throws Exception {
    run();
    awaitAnswer();
    watched("service");
    long manager = ham.status().ham().pid();
    assertThat(manager).as("it is not the first process").isGreaterThan(1);

    Proc.signal(signal, init);

    assertThat(status()).isZero();
    assertThat(Files.readString(directory.resolve("output"))).doesNotContain("are gone");
  }

  @Test
  void stopEndsTheContainerWithStatusZero() throws Exception {
    run();
    awaitAnswer();
    ham.stop();
    assertThat(status()).isZero();
  }

  @Test
  void theStatusOfTheNodeIsThatOfTheContainer() throws Exception {
    run("--socket", "/x/".repeat(100));
    assertThat(status()).isEqualTo(64);
  }

  @Test
  void lostManagersThatMayNotBeStartedAgainAreStatusOne() throws Exception {
    run("--no-restart", "--no-guardian");
    awaitAnswer();
    inside("kill", "-KILL", "" + ham.status().ham().pid());
    assertThat(status()).isEqualTo(1);
  }

  @Test
  void itBuriesWhoeverIsLeftToIt() throws Exception {
    run();
    awaitAnswer();
    long pid = watched("service");
    long manager = ham.status().ham().pid();
    inside("kill", "-KILL", "" + manager);
    Until.isTrue("another manager acts", () -> ham.status().ham().pid() != manager);
    assertThat(object("service").pid()).as("untouched").isEqualTo(pid);
    assertThat(parentInside(pid)).as("left to the first process").isEqualTo(1);

    inside("kill", "-KILL", "" + pid);
    for (int i = 0; i < 20; i++) {
      inside("/bin/sh", "-c", "sleep 0.01 & exit 0");
    }

    Until.isTrue(
        "restarted", () -> object("service").restarts() == 1 && object("service").pid() != pid);
    Until.isTrue("its old process is buried", () -> !isThere(pid));
    Until.isTrue("no zombies", () -> zombies() == 0);
  }

  @Test
  void theFirstProcessCannotBeKilledFromWithinAndHearsNothingElse() throws Exception {
    run();
    awaitAnswer();
    long pid = watched("service");
    for (String signal : List.of("KILL", "HUP", "USR1", "USR2", "PIPE", "ALRM")) {
      inside("kill", "-" + signal, "1");
    }
    assertThat(object("service").pid()).isEqualTo(pid);
    assertThat(container.isAlive()).isTrue();
  }

  private void run(String... options) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "unshare",
                "--pid",
                "--fork",
                "--mount-proc",
                "--kill-child",
                LiveNode.program().toString(),
                "run",
                "--node",
                "boxed",
                "--state",
                directory.resolve("state").toString(),
                "--listen",
                "none"));
    if (!List.of(options).contains("--socket")) {
      words.addAll(List.of("--socket", directory.resolve("ham.sock").toString()));
    }
    words.addAll(List.of(options));
    // Its live log goes with it.
    List<String> all = new ArrayList<>(List.of("unshare", "--mount", "/bin/sh", "-c"));
    all.add("mount -t tmpfs none /dev/shm && mount -t tmpfs none /run && exec \"$@\"");
    all.add("container");
    all.addAll(words);
    container = start(all);
    init =
        Until.given(
            "the container has its first process",
            () -> {
              for (long child : Proc.children(container.pid())) {
                List<Long> pids = Proc.namespacePids(child);
                if (pids.size() > 1 && pids.getLast() == 1) {
                  return child;
                }
              }
              return container.isAlive() ? null : Long.valueOf(0);
            });
    ham = Ham.connect("unix:" + directory.resolve("ham.sock"));
  }

  private void awaitAnswer() {
    Until.isTrue(
        "the node answers",
        Duration.ofSeconds(60),
        () -> ham.withTimeout(Duration.ofSeconds(1)).status().ham().pid() > 0);
  }

  private int status() {
    Until.isTrue("the container ends", () -> !container.isAlive());
    return container.exitValue();
  }

  private long watched(String name) throws InterruptedException {
    Command command = Command.of("/bin/sleep", "1000");
    LiveTest.restarted(ham.attach(name, command, Flag.OfEntity.KEEP_ON_DEATH));
    return object(name).pid();
  }

  private TreeObject object(String name) throws InterruptedException {
    return ham.read(name, 0).objects().getFirst();
  }

  private boolean isThere(long pid) throws Exception {
    return inside("test", "-e", "/proc/" + pid) == 0;
  }

  private long parentInside(long pid) throws Exception {
    return inside(
        "/bin/sh", "-c", "read -r s </proc/" + pid + "/stat; s=${s##*) }; set -- $s; exit $2");
  }

  /** As the container's own /proc has them; those of nsenter belong to somebody outside. */
  private int zombies() throws Exception {
    return inside("/bin/sh", "-c", "exit $(cat /proc/[0-9]*/stat | grep -c ') Z 1 ')");
  }

  private int inside(String... command) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(List.of("nsenter", "-t", Long.toString(init), "-p", "-m", "--"));
    words.addAll(List.of(command));
    return start(words).waitFor();
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("output").toFile()))
        .start();
  }
}

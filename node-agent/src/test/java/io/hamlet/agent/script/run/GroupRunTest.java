package io.hamlet.agent.script.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.agent.script.Raw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A script that behaves badly harms nobody. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GroupRunTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final GroupRun runs = new GroupRun(new FfmKernel());

  private GroupRun.Result run(Duration timeout, String script) throws Exception {
    Path file = directory.resolve("script");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    Map<String, String> environment =
        new HashMap<>(Map.of("PATH", GroupRun.PATH, "LC_ALL", "C.UTF-8"));
    environment.put(GroupRun.MARK, "test-" + ProcessHandle.current().pid() + ";");
    environment.put("DIR", directory.toString());
    return runs.capture(
        new GroupRun.Job(
            List.of(file.toString()), environment, directory, timeout, Duration.ofMillis(100)));
  }

  /** Dead is enough: who inherits an orphan may take its time to bury it. */
  private void awaitEnd(String pidFile) throws Exception {
    String pid = Files.readString(directory.resolve(pidFile)).strip();
    Path stat = Path.of("/proc", pid, "stat");
    await().atMost(LONG).until(() -> isDead(stat));
  }

  private static boolean isDead(Path stat) {
    try {
      String text = Files.readString(stat);
      return "ZX".indexOf(text.charAt(text.lastIndexOf(')') + 2)) >= 0;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void oneThatHangsIsEndedWithItsChildren() throws Exception {
    GroupRun.Result result =
        run(
            Duration.ofMillis(500),
            "trap '' TERM; sleep 1000 & echo $! >$DIR/child; echo begun; while :; do wait; done");
    assertThat(result.raw().end()).isEqualTo(Raw.End.TIMED_OUT);
    assertThat(result.raw().output()).isEqualTo("begun\n");
    awaitEnd("child");
  }

  @Test
  void oneThatFloodsIsReadToItsEndAndOnlyTheBeginningIsKept() throws Exception {
    GroupRun.Result result =
        run(LONG, "head -c 50000000 /dev/zero | tr '\\0' x; head -c 9000 /dev/zero >&2; exit 2");
    assertThat(result.raw().exit()).isEqualTo(2);
    assertThat(result.raw().output()).hasSize(Kept.MOST);
    assertThat(result.errors()).hasSize(Kept.MOST);
  }

  @Test
  void whatItForksAwayDoesNotOutliveItNorHoldAnybodyUp() throws Exception {
    GroupRun.Result result =
        run(
            LONG,
            "setsid sh -c 'echo $$ >$DIR/away; exec sleep 1000' &\n"
                + "while [ ! -s $DIR/away ]; do sleep 0.01; done; echo fine");
    assertThat(result.raw()).isEqualTo(Raw.exited(0, "fine\n"));
    awaitEnd("away");
  }

  @Test
  void binaryNoiseIsOnlyText() throws Exception {
    GroupRun.Result result = run(LONG, "head -c 4000 /dev/urandom; exit 1");
    assertThat(result.raw().exit()).isEqualTo(1);
    assertThat(result.raw().output()).isNotEmpty();
  }

  @Test
  void oneThatIsKilledEndsWithItsSignal() throws Exception {
    assertThat(run(LONG, "kill -9 $$").raw().exit()).isEqualTo(128 + 9);
  }

  @Test
  void standardInputIsEmptyAndNothingIsInherited() throws Exception {
    String output = run(LONG, "cat; env | sort | sed 's/=.*//' | tr '\\n' ' '").raw().output();
    assertThat(output.split(" ")).contains("PATH", "LC_ALL").doesNotContain("HOME", "JAVA_HOME");
  }

  @Test
  void oneThatCannotBeStartedSaysSo() throws Exception {
    GroupRun.Job job =
        new GroupRun.Job(
            List.of(directory + "/nothing"), Map.of(), directory, LONG, Duration.ofMillis(100));
    assertThat(runs.capture(job).raw().exit()).isIn(126, 127);
  }
}

package io.hamlet.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.agent.supervise.Plan;
import io.hamlet.agent.supervise.health.Health;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the words of {@code ham supervise} mean, and which make no sense. */
class SuperviseOptionsTest {
  private static final Path SH = Path.of("/bin/sh");

  @TempDir Path directory;

  private Plan plan(String... words) {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Map<String, String> environment =
        Map.of(
            "PATH", "/usr/bin:/bin",
            "MINE", "kept",
            "NOTIFY_SOCKET", "/run/systemd/notify",
            "WATCHDOG_USEC", "1",
            "WATCHDOG_PID", "1",
            "LISTEN_FDS", "3",
            "HAM_SAM_TOKEN", "of another");
    Caller caller = new Caller(environment, directory, out, out);
    Args args = Parser.parse(SuperviseOptions.SPEC, Arrays.asList(words));
    try (Call call = new Call(args, caller)) {
      return SuperviseOptions.plan(call, SH);
    }
  }

  @Test
  void whatHoldsUnlessSomebodySaysOtherwise() {
    Plan plan = plan("--", "sh", "-c", "--name");
    assertThat(plan.name()).isEqualTo("sh");
    assertThat(plan.argv()).containsExactly("/bin/sh", "-c", "--name");
    assertThat(plan.interval()).isZero();
    assertThat(plan.restart()).isTrue();
    assertThat(plan.health()).isEqualTo(new Health.None());
    assertThat(plan.startsWhenReady()).isFalse();
    assertThat(plan.warnSignal()).isEqualTo(15);
    assertThat(plan.restarts()).isEqualTo(Plan.Restarts.USUAL);
    assertThat(plan.successExits()).isEmpty();
    assertThat(plan.strict()).isFalse();
  }

  /** A service manager above us is ours; the program must neither feed nor answer it. */
  @Test
  void theProgramGetsOurEnvironmentButNotWhatIsMeantForUs() {
    assertThat(plan("--", "sh").environment())
        .containsOnly(Map.entry("PATH", "/usr/bin:/bin"), Map.entry("MINE", "kept"));
  }

  @Test
  void everyOption() throws Exception {
    Files.writeString(directory.resolve("blob"), "data");
    Plan plan =
        plan(
            "--name=n",
            "--policy=quit",
            "--interval=2s",
            "--health=exec:sh -c 'exit 0'",
            "--start=ready",
            "--quorum",
            "--wait=5s",
            "--publish",
            "--warn-signal=USR1",
            "--kill-after=3s",
            "--restart-limit=7/2m",
            "--restart-delay=1s",
            "--success-exit=0,143",
            "--data=blob",
            "--",
            "sh");
    assertThat(plan.restart()).isFalse();
    assertThat(plan.health()).isEqualTo(new Health.Exec(List.of("/usr/bin/sh", "-c", "exit 0")));
    assertThat(plan.startsWhenReady()).isTrue();
    assertThat(plan.quorum() && plan.publish()).isTrue();
    assertThat(plan.quorumWait()).isEqualTo(Duration.ofSeconds(5));
    assertThat(plan.warnSignal()).isEqualTo(10);
    assertThat(plan.killAfter()).isEqualTo(Duration.ofSeconds(3));
    assertThat(plan.restarts())
        .isEqualTo(
            new Plan.Restarts(
                7, Duration.ofMinutes(2), Duration.ofSeconds(1), Duration.ofSeconds(10)));
    assertThat(plan.successExits()).containsExactly(0, 143);
    assertThat(plan.data()).asString(StandardCharsets.UTF_8).isEqualTo("data");
  }

  @Test
  void withNotifyTheProgramSaysWhenItIsReady() {
    assertThat(plan("--health=notify", "--", "sh").startsWhenReady()).isTrue();
    assertThat(plan("--health=notify", "--start=now", "--", "sh").startsWhenReady()).isFalse();
  }

  @Test
  void restartsWithoutLimit() {
    assertThat(plan("--restart-limit=none", "--", "sh").restarts().most()).isZero();
    assertThat(plan("--compat=libsam", "--", "sh").restarts()).isEqualTo(Plan.Restarts.UNLIMITED);
    assertThat(plan("--restart-delay=1m", "--", "sh").restarts().longest())
        .isEqualTo(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--interval=-1s",
        "--interval=2",
        "--interval=9000h",
        "--policy=watch",
        "--health=tcp:127.0.0.1:80",
        "--health=telepathy",
        "--start=later",
        "--warn-signal=NONE",
        "--warn-signal=65",
        "--restart-limit=5",
        "--restart-limit=0/1m",
        "--restart-limit=5/0s",
        "--restart-limit=x/1m",
        "--success-exit=256",
        "--success-exit=1,,2",
        "--success-exit=-1",
        "--data=no-such-file",
        "--compat=pacemaker",
        "--compat=libsam --success-exit=0",
        "--compat=libsam --restart-limit=5/1m",
        "--compat=libsam --kill-after=1s",
        "--standalone --publish",
        "--standalone --quorum",
        "--standalone --detach",
        "--standalone --data=x",
        "--wait=1s",
        "--name=a/b",
        "--name="
      })
  void nonsenseIsWrongUsage(String words) {
    String[] all = (words + " -- sh").split(" ");
    assertThatThrownBy(() -> plan(all))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("ham supervise --help");
  }

  @Test
  void moreDataThanIsKeptIsRefused() throws Exception {
    Files.write(directory.resolve("big"), new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> plan("--data=big", "--", "sh"))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("1 MiB");
  }
}

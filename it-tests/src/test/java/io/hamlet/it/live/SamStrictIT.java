package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.HealthCheck;
import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.Sam;
import io.hamlet.client.SamContract;
import io.hamlet.client.SamFlag;
import io.hamlet.client.SamProgram;
import io.hamlet.it.TestAbreast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * What corosync's own test program checks (sam.md 3), in strict mode, with real processes. How late
 * something is the bench says; here is what happens, and in which order.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class SamStrictIT extends LiveTest {
  private static final int T = 2_000;

  private Sam launch(String name, int millis, RecoveryPolicy policy, String... command)
      throws Exception {
    SamContract contract =
        SamContract.of(Duration.ofMillis(millis), policy, SamFlag.PUBLISH, SamFlag.COMPAT_LIBSAM);
    return Sam.launch(node.ham(), name, contract, Command.of(command), new byte[0]);
  }

  private static SamProgram awaits(Sam sam, String state, long instance) {
    return Until.given(
        sam.name() + " is " + state + " in instance " + instance,
        () -> {
          SamProgram p = sam.look();
          return p != null && p.state().equals(state) && p.instance() == instance ? p : null;
        });
  }

  private List<String> cases(String name) throws Exception {
    Path told = directory.resolve(name);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Sam sam =
        launch(
            name,
            0,
            RecoveryPolicy.RESTART,
            java,
            "-cp",
            System.getProperty("java.class.path"),
            "io.hamlet.it.sample.SamCases",
            name,
            told.toString());
    Until.isTrue(name + " is over", Duration.ofMinutes(2), () -> sam.look().isOver());
    assertThat(sam.look().state()).isEqualTo("ended");
    assertThat(sam.look().end().status()).isZero();
    List<String> lines = Files.readAllLines(told);
    assertThat(lines).noneMatch(line -> line.contains("FAULT"));
    return lines;
  }

  /** 3.1, and 2.3: the default signal, and a stop in between. */
  @TestAbreast
  void basics() throws Exception {
    Sam sam = launch("basics", T, RecoveryPolicy.RESTART, "/bin/sleep", "1000");
    awaits(sam, "registered", 1);
    sam.start();
    for (int i = 0; i < 3; i++) {
      sam.heartbeat();
    }
    assertThat(awaits(sam, "registered", 2).end().exit()).isEqualTo("signal 15");
    sam.start();
    sam.heartbeat();
    sam.stop();
    // Another that is silent all the while is ended, and that takes as long as two intervals.
    Sam other = launch("other", T, RecoveryPolicy.QUIT, "/bin/sh", "-c", "trap '' TERM; " + LOOP);
    awaits(other, "registered", 1);
    other.start();
    awaits(other, "failed", 1);
    assertThat(awaits(sam, "registered", 2).keys().values()).contains("stopped");
    sam.start();
    assertThat(awaits(sam, "registered", 3).end().cause()).isEqualTo("silent");
    sam.start();
    sam.stop();
    sam.finish();
    assertThat(sam.look().state()).isEqualTo("finalized");
    assertThat(Proc.isAlive(sam.look().pid())).as("it lives on").isTrue();
    Proc.signal("KILL", sam.look().pid());
  }

  private static final String LOOP = "while :; do sleep 0.1; done";

  /** 3.2, in Python. */
  @TestAbreast
  void signal() throws Exception {
    Path heard = directory.resolve("heard");
    String script =
        "import signal, sys, time\n"
            + "def handler(number, frame):\n"
            + "  open(sys.argv[1], 'a').write('%d ' % number)\n"
            + "signal.signal(signal.SIGTERM, handler)\n"
            + "open(sys.argv[1], 'a').write('ready ')\n"
            + "while True: time.sleep(1)\n";
    Path program = Files.writeString(directory.resolve("program.py"), script);
    String python = Needs.program("python3").toString();
    Sam sam =
        launch("signal", T, RecoveryPolicy.QUIT, python, program.toString(), heard.toString());
    Until.isTrue("it is ready", () -> Files.exists(heard) && Files.size(heard) > 0);
    sam.start();
    sam.heartbeat();
    SamProgram failed = awaits(sam, "failed", 1);
    assertThat(Files.readString(heard)).isEqualTo("ready 15 ");
    assertThat(failed.end().exit()).isEqualTo("signal 9");
    assertThat(failed.end().status()).as("as libsam has it").isZero();
  }

  /** 3.5, in a shell: the signal is kept over instances, and KILL means no warning. */
  @TestAbreast
  void warnSignal() throws Exception {
    Path heard = directory.resolve("heard");
    String script = "trap 'echo USR1 >> " + heard + "' USR1; " + LOOP;
    Sam sam = launch("warn", T, RecoveryPolicy.RESTART, "/bin/sh", "-c", script);
    awaits(sam, "registered", 1);
    sam.warnSignal("USR1");
    sam.start();
    assertThat(awaits(sam, "registered", 2).end().exit()).isEqualTo("signal 9");
    assertThat(Files.readAllLines(heard)).containsExactly("USR1");
    sam.start();
    awaits(sam, "registered", 3);
    assertThat(Files.readAllLines(heard)).containsExactly("USR1", "USR1");
    sam.warnSignal("KILL");
    sam.start();
    SamProgram fourth = awaits(sam, "registered", 4);
    assertThat(fourth.end().exit()).isEqualTo("signal 9");
    assertThat(fourth.end().cause()).isEqualTo("silent");
    assertThat(Files.readAllLines(heard)).containsExactly("USR1", "USR1");
    Proc.signal("TERM", fourth.pid());
    awaits(sam, "ended", 4);
  }

  /** 3.7: what is published, and that nothing is left of who ends in order. */
  @TestAbreast
  void cmapQuit() throws Exception {
    Sam sam = launch("quit", T, RecoveryPolicy.QUIT, "/bin/sleep", "1000");
    SamProgram p = awaits(sam, "registered", 1);
    String key = "resources.process." + ProcessHandle.current().pid() + ".";
    assertThat(p.keys())
        .containsEntry(key + "recovery", "quit")
        .containsEntry(key + "poll_period", "2000")
        .containsEntry(key + "state", "stopped")
        .doesNotContainKey(key + "last_updated");
    sam.start();
    assertThat(sam.look().keys()).containsEntry(key + "state", "running");
    String first = sam.look().keys().get(key + "last_updated");
    sam.heartbeat();
    String second = sam.look().keys().get(key + "last_updated");
    assertThat(Long.parseLong(second)).isGreaterThan(Long.parseLong(first));
    sam.stop();
    assertThat(sam.look().keys()).containsEntry(key + "state", "stopped");
    sam.start();
    SamProgram failed = awaits(sam, "failed", 1);
    assertThat(failed.keys()).containsEntry(key + "state", "failed");
    assertThat(failed.end().status()).isZero();
    sam.clear();
    assertThat(sam.look()).isNull();
    Sam next = launch("quit", T, RecoveryPolicy.QUIT, "/bin/true");
    assertThat(awaits(next, "ended", 1).keys()).isEmpty();
  }

  /** 3.8: two that are silent, and one that has had enough. */
  @TestAbreast
  void cmapRestart() throws Exception {
    Sam sam = launch("restart", T, RecoveryPolicy.RESTART, "/bin/sleep", "1000");
    for (int i = 1; i <= 2; i++) {
      assertThat(awaits(sam, "registered", i).keys().values()).contains("restart", "stopped");
      sam.start();
    }
    awaits(sam, "registered", 3);
    sam.markFailed("enough");
    SamProgram failed = awaits(sam, "failed", 3);
    assertThat(failed.keys().values()).contains("failed");
    assertThat(failed.end().status()).isZero();
  }

  /** 2.3: one that is stopped cannot take its warning, and is killed all the same. */
  @TestAbreast
  void aStoppedProcessIsKilled() throws Exception {
    Sam sam = launch("stopped", T, RecoveryPolicy.RESTART, "/bin/sleep", "1000");
    SamProgram p = awaits(sam, "registered", 1);
    // Before its time begins, so that it is stopped for certain when it is warned.
    Proc.signal("STOP", p.pid());
    sam.start();
    SamProgram next = awaits(sam, "registered", 2);
    assertThat(next.end().cause()).isEqualTo("silent");
    assertThat(next.end().exit()).isEqualTo("signal 9");
  }

  /** 2.4: while the check hangs nothing is sent; that the program itself goes on does not help. */
  @TestAbreast
  void aHealthCheckThatHangsIsSilence() throws Exception {
    Sam sam = launch("hangs", T, RecoveryPolicy.RESTART, "/bin/sleep", "1000");
    awaits(sam, "registered", 1);
    CountDownLatch over = new CountDownLatch(1);
    sam.healthCheck(
        () -> {
          over.await();
          return HealthCheck.Health.OK;
        });
    sam.start();
    try {
      assertThat(awaits(sam, "registered", 2).end().cause()).isEqualTo("silent");
    } finally {
      over.countDown();
    }
  }

  /** 2.3 and 4.1: an end is the process's own, and no descendant hides it. */
  @TestAbreast
  void aDescendantHidesNoDeath() throws Exception {
    String script = "/bin/sleep 1000 & exec /bin/sleep 1000";
    Sam sam = launch("parent", 0, RecoveryPolicy.RESTART, "/bin/sh", "-c", script);
    SamProgram p = awaits(sam, "registered", 1);
    sam.start();
    Until.isTrue("it has a child", () -> !Proc.children(p.pid()).isEmpty());
    long child = Proc.children(p.pid()).getFirst();
    Proc.signal("KILL", p.pid());
    assertThat(awaits(sam, "registered", 2).end().exit()).isEqualTo("signal 9");
    if (Proc.isAlive(child)) {
      Proc.signal("KILL", child);
    }
  }

  @TestAbreast
  void dataStoreAndRestore() throws Exception {
    assertThat(cases("data"))
        .containsExactly(
            "0 nothing is stored",
            "0 restore to none: 7",
            "0 store",
            "0 128 are stored",
            "0 restore 127: 7",
            "0 restored",
            "0 delete",
            "0 nothing is stored",
            "0 store again",
            "1 start",
            "1 restored",
            "1 store others",
            "2 start",
            "2 others",
            "2 delete",
            "3 nothing is stored");
  }

  @TestAbreast
  void healthCheck() throws Exception {
    assertThat(cases("hc")).containsExactly("1 start", "2 11 calls");
  }

  @TestAbreast
  void finalizeComesBackAndIsFinal() throws Exception {
    assertThat(cases("finalize"))
        .containsExactly(
            "1 start",
            "1 finalize",
            "1 finalize: 9",
            "1 initialize: 9",
            "1 start: 9",
            "1 stop: 9",
            "1 register: 9",
            "1 hc_send: 9",
            "1 hc_callback_register: 9");
  }
}

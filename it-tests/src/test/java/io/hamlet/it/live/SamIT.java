package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hamlet.client.Command;
import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.Sam;
import io.hamlet.client.SamContract;
import io.hamlet.client.SamException;
import io.hamlet.client.SamFlag;
import io.hamlet.client.SamProgram;
import io.hamlet.client.SamStatus;
import io.hamlet.it.TestAbreast;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Supervised programs as real processes (sam.md 2 to 4). */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class SamIT extends LiveTest {
  private static final byte[] NOTHING = new byte[0];

  /** Takes no notice of TERM, and has a child that does neither. */
  private static final Command STUBBORN =
      Command.of("/bin/sh", "-c", "trap '' TERM; sleep 1000 & while :; do sleep 1; done");

  private static SamContract strict(int millis, RecoveryPolicy policy) {
    return SamContract.of(
        Duration.ofMillis(millis), policy, SamFlag.PUBLISH, SamFlag.COMPAT_LIBSAM);
  }

  private SamProgram awaits(Sam sam, String state, long instance) {
    return Until.given(
        sam.name() + " is " + state + " in instance " + instance,
        () -> {
          SamProgram p = sam.look();
          return p != null && p.state().equals(state) && p.instance() == instance ? p : null;
        });
  }

  /** Half a minute of its own. */
  @TestAbreast
  void aHamThatIsKilledBetweenWarningAndKillHasASuccessorThatKills() throws Exception {
    Until.isTrue("a Guardian stands by", () -> node.guardianPid() != 0);
    SamContract contract =
        SamContract.of(Duration.ofSeconds(1), RecoveryPolicy.RESTART, SamFlag.PUBLISH)
            .killAfter(Duration.ofSeconds(20));
    Sam sam = Sam.launch(node.ham(), "app", contract, STUBBORN, NOTHING);
    sam.storeData("kept".getBytes(StandardCharsets.UTF_8));
    sam.start();
    SamProgram warned = awaits(sam, "warned", 1);
    assertThat(warned.warning()).isEqualTo("silent");
    List<Long> children = Proc.children(warned.pid());

    node.kill(List.of(node.hamPid()));

    // Its time to live begins anew, so it is warned still, and not yet killed.
    assertThat(awaits(sam, "warned", 1).pid()).isEqualTo(warned.pid());
    SamProgram next = awaits(sam, "registered", 2);
    assertThat(next.end().cause()).isEqualTo("silent");
    // It was no child of the successor, so its status may be nobody's to tell.
    assertThat(next.end().exit()).isIn("signal 9", "unknown");
    assertThat(Proc.isAlive(warned.pid())).isFalse();
    for (long child : children) {
      Until.isTrue("the whole group is gone", () -> !Proc.isAlive(child));
    }
    assertThat(new String(sam.restoreData(), StandardCharsets.UTF_8)).isEqualTo("kept");
    sam.close();
  }

  @Test
  void ninetyNineInstancesCrashAndTheHundredthEndsWell() throws Exception {
    Sam sam =
        Sam.launch(
            node.ham(),
            "smoke",
            strict(0, RecoveryPolicy.RESTART),
            Command.of("/bin/sleep", "1000"),
            NOTHING);
    for (int i = 1; i < 100; i++) {
      SamProgram p = awaits(sam, "registered", i);
      sam.start();
      Proc.signal("SEGV", p.pid());
    }
    SamProgram last = awaits(sam, "registered", 100);
    Proc.signal("TERM", last.pid());
    SamProgram over = awaits(sam, "ended", 100);
    assertThat(over.end().status()).isZero();
    assertThat(over.keys()).isEmpty();
    sam.close();
  }

  @Test
  void aMarkedProgramIsKilledAndNotStartedAgain() throws Exception {
    Sam sam =
        Sam.launch(node.ham(), "marked", strict(2_000, RecoveryPolicy.RESTART), STUBBORN, NOTHING);
    String key = "resources.process." + ProcessHandle.current().pid() + ".";
    SamProgram p = awaits(sam, "registered", 1);
    assertThat(p.keys()).containsEntry(key + "recovery", "restart");
    assertThat(p.keys()).containsEntry(key + "state", "stopped");
    sam.markFailed("enough");
    SamProgram failed = awaits(sam, "failed", 1);
    assertThat(failed.keys()).containsEntry(key + "recovery", "quit");
    assertThat(failed.keys()).containsEntry(key + "state", "failed");
    assertThat(failed.end().status()).isZero();
    sam.clear();
    assertThat(sam.look()).isNull();
    assertThatExceptionOfType(SamException.class)
        .isThrownBy(sam::start)
        .satisfies(e -> assertThat(e.status()).isEqualTo(SamStatus.BAD_HANDLE));
    sam.close();
  }

  @Test
  void aShellSpeaksForItself() throws Exception {
    Path told = directory.resolve("told");
    String ham = LiveNode.program().toString();
    String script =
        "if [ \"$HAM_INSTANCE_ID\" = 1 ]; then printf first | "
            + ham
            + " sam store; "
            + ham
            + " sam start && exit 3; fi; "
            + ham
            + " sam restore > "
            + told
            + ".new; mv "
            + told
            + ".new "
            + told;
    Sam sam =
        Sam.launch(
            node.ham(),
            "shell",
            strict(0, RecoveryPolicy.RESTART),
            Command.of("/bin/sh", "-c", script),
            NOTHING);
    SamProgram over = awaits(sam, "ended", 2);
    assertThat(over.end().status()).isZero();
    assertThat(Files.readString(told)).isEqualTo("first");
    sam.close();
  }

  @Test
  void aJvmSpeaksForItself() throws Exception {
    Path told = directory.resolve("jvm");
    Command java =
        Command.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "io.hamlet.it.sample.SamProgram",
            told.toString());
    Sam sam =
        Sam.launch(
            node.ham(),
            "jvm",
            // It ends itself when it has stored what it was told, however long that takes.
            SamContract.of(Duration.ofSeconds(1), RecoveryPolicy.RESTART)
                .killAfter(Duration.ofSeconds(60)),
            java,
            NOTHING);
    Until.isTrue(
        "the second instance has told what it found; its output is " + sam.look(),
        Duration.ofMinutes(2),
        () -> Files.exists(told));
    assertThat(Files.readString(told)).isEqualTo("instance 2 found 'warned: silent', silent");
    awaits(sam, "ended", 2);
    sam.close();
  }
}

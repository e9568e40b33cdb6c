package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.Status;
import io.hamlet.client.TreeObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The shipped unit under a real systemd (red-team.md C3, H9). */
class SystemdIT {
  private static final String UNIT = "hamlet.service";
  private static final Path OOM = Path.of("/sys/fs/cgroup/memory");

  @TempDir Path directory;
  private SystemdBox box;
  private Ham ham;

  @RegisterExtension
  final AfterTestExecutionCallback evidence =
      context -> {
        if (context.getExecutionException().isPresent() && box != null) {
          System.err.println("--- systemd said\n" + box.said() + "--- the node said");
          System.err.println(Files.readString(directory.resolve("node.out")));
        }
      };

  @BeforeEach
  void boot() throws Exception {
    Path socket = directory.resolve("ham.sock");
    Path config = directory.resolve("hamlet.conf");
    Files.writeString(config, "node = boxed\nstate = state\nsocket = ham.sock\nlisten = none\n");
    String dropIn =
        """
        [Service]
        ExecStart=
        ExecStart=%s run --config %s
        Environment=JAVA_HOME=%s
        StandardOutput=append:%s
        StandardError=inherit
        """
            .formatted(
                LiveNode.program(),
                config,
                System.getProperty("java.home"),
                directory.resolve("node.out"));
    Path unit = LiveNode.program().resolveSibling("../systemd").normalize().resolve(UNIT);
    box = SystemdBox.boot(directory, unit, dropIn);
    ham = Ham.connect("unix:" + socket);
    box.run("systemctl", "start", UNIT);
  }

  @AfterEach
  void end() throws Exception {
    if (ham != null) {
      ham.close();
    }
    if (box != null) {
      box.close();
    }
  }

  @Test
  void startWaitsUntilTheNodeAnswersAndTheLauncherIsTheMainProcess() throws Exception {
    // At once: systemctl start has waited for READY=1.
    assertThat(directory.resolve("ham.sock")).exists();
    Status status = ham.status();
    assertActive();
    assertThat(status.ham().pid()).isNotEqualTo(mainPid());
    assertThat(Proc.commandLine(outside(mainPid()))).contains("deploy/bin/ham run");
    assertThat(box.show(UNIT, "StatusText")).contains("node boxed runs");
  }

  @Test
  void whatSystemdTellsTheNodeIsNotToldToEntities() throws Exception {
    long pid = watched("service");
    assertThat(Proc.variable(outside(hamPid()), "NOTIFY_SOCKET")).startsWith("/run/systemd");
    for (String name : List.of("NOTIFY_SOCKET", "INVOCATION_ID", "SYSTEMD_EXEC_PID")) {
      assertThat(Proc.variable(outside(pid), name)).as(name).isNull();
    }
    assertThat(Files.readString(Path.of("/proc/" + outside(pid) + "/oom_score_adj")).strip())
        .isEqualTo("0");
  }

  @Test
  void restartLeavesEntitiesRunningAndAdoptsThemAgain() throws Exception {
    long pid = watched("service");
    long launcher = mainPid();
    long manager = hamPid();

    box.run("systemctl", "restart", UNIT);

    assertActive();
    assertThat(mainPid()).isNotEqualTo(launcher);
    assertThat(hamPid()).isNotEqualTo(manager);
    assertUntouched("service", pid);
    assertThat(ham.status().ham().failures()).as("an orderly end").isZero();
    assertRecovers("service", pid);
  }

  @Test
  void stopEndsTheNodeLeavesItsEntitiesAndStartAdoptsThem() throws Exception {
    long pid = watched("service");
    long manager = outside(hamPid());

    box.run("systemctl", "stop", UNIT);

    assertThat(box.show(UNIT, "ActiveState")).isEqualTo("inactive");
    assertThat(box.show(UNIT, "Result")).isEqualTo("success");
    Until.isTrue("the manager is gone", () -> !Proc.isAlive(manager));
    assertThat(Proc.isAlive(outside(pid))).isTrue();
    box.run("systemctl", "start", UNIT);
    assertUntouched("service", pid);
    assertRecovers("service", pid);
  }

  @Test
  void stopWithEntitiesIsAskedOfTheNodeAndEndsTheUnitForGood() throws Exception {
    long pid = outside(watched("service"));
    ham.stopWithEntities(Duration.ofSeconds(5));
    Until.isTrue("it is inactive", () -> box.show(UNIT, "ActiveState").equals("inactive"));
    assertThat(box.show(UNIT, "Result")).isEqualTo("success");
    assertThat(box.show(UNIT, "NRestarts")).isEqualTo("0");
    assertThat(Proc.isAlive(pid)).isFalse();
  }

  @Test
  void aKilledLauncherIsReplacedThreeTimesBesideTheSameManager() throws Exception {
    long pid = watched("service");
    long manager = hamPid();
    for (int i = 1; i <= 3; i++) {
      long launcher = mainPid();
      box.run("kill", "-KILL", "" + launcher);
      Until.isTrue("another launcher", () -> mainPid() != launcher && mainPid() != 0);
      Until.isTrue("active again", () -> box.show(UNIT, "ActiveState").equals("active"));
      assertThat(box.show(UNIT, "NRestarts")).isEqualTo("" + i);
      assertThat(hamPid()).isEqualTo(manager);
      assertUntouched("service", pid);
    }
    assertRecovers("service", pid);
    long last = outside(manager);

    box.run("systemctl", "stop", UNIT);

    Until.isTrue("the manager obeys the launcher it has now", () -> !Proc.isAlive(last));
    assertThat(box.show(UNIT, "Result")).isEqualTo("success");
  }

  @Test
  void aKilledManagerIsNoFailureOfTheUnit() throws Exception {
    long pid = watched("service");
    long launcher = mainPid();
    for (int i = 1; i <= 2; i++) {
      long manager = hamPid();
      box.run("kill", "-KILL", "" + manager);
      Until.isTrue("another manager acts", () -> hamPid() != manager);
      assertThat(ham.status().ham().failures()).isEqualTo(i);
      assertUntouched("service", pid);
    }
    assertActive();
    assertThat(mainPid()).isEqualTo(launcher);
    assertThat(box.show(UNIT, "NRestarts")).isEqualTo("0");
    assertRecovers("service", pid);
  }

  @Test
  void aKilledGuardianIsNoFailureOfTheUnit() throws Exception {
    long pid = watched("service");
    long manager = hamPid();
    long guardian = Until.given("a Guardian", () -> guardianPid() > 0 ? guardianPid() : null);
    box.run("kill", "-KILL", "" + guardian);
    Until.isTrue("another stands by", () -> guardianPid() > 0 && guardianPid() != guardian);
    assertThat(hamPid()).isEqualTo(manager);
    assertActive();
    assertThat(box.show(UNIT, "NRestarts")).isEqualTo("0");
    assertUntouched("service", pid);
  }

  @Test
  void everythingKilledAtOnceComesBackBesideTheEntities() throws Exception {
    long pid = watched("service");
    long manager = hamPid();
    // Without a Guardian its part is the manager's, who dies but once.
    long guardian = guardianPid() == 0 ? manager : guardianPid();
    box.run("/bin/sh", "-c", "kill -KILL " + mainPid() + " " + guardian + " " + manager);
    Until.isTrue("another manager acts", () -> hamPid() != manager);
    Until.isTrue("active again", () -> box.show(UNIT, "ActiveState").equals("active"));
    assertUntouched("service", pid);
    assertRecovers("service", pid);
  }

  @Test
  void anEntityKilledForWantOfMemoryIsRestartedAndTheUnitIsWell() throws Exception {
    Needs.program("python3");
    Needs.that("oom", "the memory controller of cgroup v1", Files.isWritable(OOM));
    Path cage = Files.createTempDirectory(OOM, "hamlet-oom-");
    try {
      Files.writeString(cage.resolve("memory.limit_in_bytes"), "33554432");
      Path go = directory.resolve("go");
      String hog =
          "import os, time\nwhile not os.path.exists('"
              + go
              + "'): time.sleep(0.01)\nos.unlink('"
              + go
              + "')\nb = [bytearray(1 << 20) for i in range(4096)]\n";
      Command command = Command.of("/usr/bin/python3", "-c", hog);
      long pid = watched("hungry", command);
      Files.writeString(cage.resolve("cgroup.procs"), "" + outside(pid));

      Files.createFile(go);

      Until.isTrue("it is restarted", () -> object("hungry").restarts() == 1);
      assertThat(object("hungry").lastExit()).isEqualTo("signal 9");
      assertThat(Files.readString(cage.resolve("memory.oom_control"))).contains("oom_kill 1");
      assertActive();
      assertThat(box.show(UNIT, "NRestarts")).isEqualTo("0");
    } finally {
      Until.isTrue("the cage is empty", () -> Files.deleteIfExists(cage));
    }
  }

  @Test
  void whatIsWronglyConfiguredIsNotTriedForEver() throws Exception {
    box.run("systemctl", "stop", UNIT);
    Files.writeString(directory.resolve("hamlet.conf"), "nonsense = 1\n");
    box.run("/bin/sh", "-c", "! systemctl start " + UNIT);
    assertThat(box.show(UNIT, "ActiveState")).isEqualTo("failed");
    assertThat(box.show(UNIT, "ExecMainStatus")).isEqualTo("78");
    assertThat(box.show(UNIT, "NRestarts")).isEqualTo("0");
  }

  private long watched(String name) throws InterruptedException {
    return watched(name, Command.of("/bin/sleep", "1000"));
  }

  private long watched(String name, Command command) throws InterruptedException {
    LiveTest.restarted(ham.attach(name, command, Flag.OfEntity.KEEP_ON_DEATH));
    return object(name).pid();
  }

  private TreeObject object(String name) throws InterruptedException {
    return ham.read(name, 0).objects().getFirst();
  }

  private long hamPid() throws InterruptedException {
    return ham.status().ham().pid();
  }

  private long guardianPid() throws InterruptedException {
    Status.Manager guardian = ham.status().guardian();
    return guardian == null ? 0 : guardian.pid();
  }

  private long mainPid() throws Exception {
    return Long.parseLong(box.show(UNIT, "MainPID"));
  }

  private long outside(long pid) throws Exception {
    return box.outside(pid);
  }

  private void assertActive() throws Exception {
    assertThat(box.show(UNIT, "ActiveState")).isEqualTo("active");
    assertThat(box.show(UNIT, "SubState")).isEqualTo("running");
  }

  private void assertUntouched(String entity, long pid) throws Exception {
    assertThat(object(entity).pid()).isEqualTo(pid);
    assertThat(object(entity).deaths()).isZero();
    assertThat(Proc.isAlive(outside(pid))).isTrue();
  }

  private void assertRecovers(String entity, long pid) throws Exception {
    box.run("kill", "-KILL", "" + pid);
    Until.isTrue("restarted", () -> object(entity).restarts() == 1 && object(entity).pid() != pid);
  }
}

package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.Command;
import io.hamlet.client.HamException;
import io.hamlet.it.crash.Plight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A manager that lives and is of no use any more: nobody outside can tell but by the pids. */
class DoubtIT extends LiveTest {
  private static final int ENTITIES = 5;

  private final Map<String, Long> untouched = new TreeMap<>();

  @BeforeEach
  void awaitGuardAndEntities() throws Exception {
    node.awaitGuard();
    for (int i = 0; i < ENTITIES; i++) {
      untouched.put("e" + i, watched("e" + i, "/bin/sleep", "1000").pid());
    }
  }

  @ParameterizedTest
  @EnumSource(Plight.class)
  void aHamThatIsOfNoUseIsReplacedByItsGuardian(Plight plight) throws Exception {
    long ham = node.hamPid();
    long guardian = node.awaitGuard();
    String digest = node.ham().statusWithDigest().digest();

    Inflict.on(ham, plight, directory);

    Until.isTrue("it is gone", () -> !Proc.isAlive(ham));
    Until.isTrue("its Guardian acts", () -> node.hamPid() == guardian);
    assertThat(node.ham().statusWithDigest().digest()).isEqualTo(digest);
    assertThat(node.ham().status().ham().failures()).isEqualTo(1);
    assertAllIsWell("e0");
  }

  @ParameterizedTest
  @EnumSource(Plight.class)
  void aGuardianThatIsOfNoUseIsReplacedByItsHam(Plight plight) throws Exception {
    long ham = node.hamPid();
    long guardian = node.awaitGuard();

    Inflict.on(guardian, plight, directory);

    Until.isTrue("it is gone", () -> !Proc.isAlive(guardian));
    Until.isTrue("another stands guard", () -> node.awaitGuard() != guardian);
    assertThat(node.hamPid()).isEqualTo(ham);
    assertThat(node.ham().status().guardian().failures()).isEqualTo(1);
    assertAllIsWell("e0");
  }

  @Test
  void aHamThatCannotDieHasASuccessorAllTheSame() throws Exception {
    long ham = node.hamPid();
    long guardian = node.awaitGuard();
    String digest = node.ham().statusWithDigest().digest();
    try (Freezer freezer = new Freezer()) {
      freezer.freeze(ham);

      Until.isTrue("its Guardian acts", () -> node.hamPid() == guardian);
      assertThat(Proc.isAlive(ham)).as("the one before is not gone").isTrue();
      assertLogged("the HAM " + ham + " was killed and waits in the kernel; its Guardian goes on");
      assertThat(node.ham().statusWithDigest().digest()).isEqualTo(digest);
      Until.isTrue("it says so", () -> told("STUCK"));
      replaced("e0");
      long third = node.awaitGuard();
      Proc.signal("KILL", node.hamPid());
      Until.isTrue("it can be succeeded as well", () -> node.hamPid() == third);
    }

    Until.isTrue("the one before is gone", () -> !Proc.isAlive(ham));
    Until.isTrue("nobody is stuck any more", () -> !told("STUCK"));
    untouched.remove("e0");
    assertAllIsWell("e1");
    node.killEverything();
    node.launch();
    assertThat(node.ham().status().notices()).isEmpty();
  }

  @Test
  void aGuardianThatCannotDieIsReplacedAllTheSame() throws Exception {
    long ham = node.hamPid();
    long guardian = node.awaitGuard();
    try (Freezer freezer = new Freezer()) {
      freezer.freeze(guardian);

      Until.isTrue("another stands guard", () -> node.awaitGuard() != guardian);
      assertThat(Proc.isAlive(guardian)).as("the one before is not gone").isTrue();
      assertLogged("the Guardian " + guardian + " was killed and waits in the kernel; another");
      assertThat(node.ham().status().guardian().failures()).isEqualTo(1);
      long second = node.awaitGuard();
      Proc.signal("KILL", ham);
      Until.isTrue("it takes over", () -> node.hamPid() == second);
    }

    Until.isTrue("the one before is gone", () -> !Proc.isAlive(guardian));
    assertAllIsWell("e0");
  }

  /** It has stopped before it could use the lock, or give it back. */
  @Test
  void aHamThatHangsWithTheKillLockIsReplacedAllTheSame() throws Exception {
    long ham = node.hamPid();
    long guardian = stoppedWithTheKillLock(ham);

    Until.isTrue("it is gone", () -> !Proc.isAlive(ham));
    Until.isTrue("its Guardian acts", () -> node.hamPid() == guardian);
    assertThat(node.ham().status().ham().failures()).isEqualTo(1);
    assertAllIsWell("e0");
  }

  /** Stops the HAM while it waits whether its Guardian is to be killed; answers the Guardian. */
  private long stoppedWithTheKillLock(long ham) {
    return Until.given(
        "the HAM is stopped with the kill lock, and its Guardian is not",
        () -> {
          long guardian = node.awaitGuard();
          Proc.signal("STOP", guardian);
          Until.isTrue("the HAM has the lock", () -> hasKillLock(ham) || !Proc.isAlive(guardian));
          Proc.signal("STOP", ham);
          Proc.signal("CONT", guardian);
          if (hasKillLock(ham) && Proc.isAlive(guardian)) {
            return guardian;
          }
          Proc.signal("CONT", ham);
          return null;
        });
  }

  /** Who does not get it closes the file at once. */
  private static boolean hasKillLock(long pid) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return open.map(fd -> target(fd)).anyMatch(file -> file.endsWith("kill-lock"));
    }
  }

  private static Path target(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException closed) {
      return link;
    }
  }

  /** The deadlocked one hears the ask, and cannot put it on record. */
  @Test
  void anAskToStopThatDiesWithItsHamIsAskedAgain() throws Exception {
    long ham = node.hamPid();
    Inflict.on(ham, Plight.DEADLOCK, directory);

    Proc.signal("TERM", node.launcherPid());

    assertThat(node.awaitEnd()).isZero();
    assertThat(Files.readString(node.output())).contains("took over");
    for (long pid : untouched.values()) {
      assertThat(Proc.isAlive(pid)).isTrue();
    }
    node.launch();
    assertAllIsWell("e0");
  }

  @Test
  void withoutDescriptorsAHamGoesOnAndHealsWhenThereAreSome() throws Exception {
    long ham = node.hamPid();
    limitDescriptors(ham, 3);
    goOnInWant(ham, () -> limitDescriptors(ham, 1024));
  }

  @Test
  void withoutProcessesAHamGoesOnAndHealsWhenThereAreSome() throws Exception {
    Path cgroup = Needs.cgroup("pids").resolve("hamlet-it-" + ProcessHandle.current().pid());
    Files.createDirectory(cgroup);
    long ham = node.hamPid();
    try {
      Files.writeString(cgroup.resolve("cgroup.procs"), ham + "\n");
      Files.writeString(cgroup.resolve("pids.max"), "1");
      goOnInWant(ham, () -> Files.writeString(cgroup.resolve("pids.max"), "max"));
    } finally {
      node.close();
      node = null;
      Until.isTrue("the cgroup is empty", () -> cgroup.toFile().delete());
    }
  }

  /** Can be given back. */
  private interface Relief {
    void come() throws Exception;
  }

  private void goOnInWant(long ham, Relief relief) throws Exception {
    long guardian = node.awaitGuard();
    Proc.signal("KILL", guardian);
    Until.isTrue("it says that it has no Guardian", () -> told("no Guardian stands by"));
    // Until no gate is left in store.
    Until.isTrue("it says that starts wait", () -> killAgain("e0") && told("starts wait"));
    assertThat(node.object("e0").state()).isEqualTo("starting");
    assertThat(node.hamPid()).isEqualTo(ham);
    assertThatThrownBy(() -> node.ham().attach("late", Command.of("/bin/sleep", "1000")))
        .isInstanceOf(HamException.Refused.class)
        .hasMessageContaining("no process can be made");
    assertThat(node.object("late")).isNull();

    relief.come();

    Until.isTrue("another stands guard", () -> !List.of(0L, guardian).contains(node.guardianPid()));
    Until.isTrue("it is up again", () -> node.pid("e0") != 0);
    assertThat(node.object("e0").restarts()).isEqualTo(node.object("e0").deaths());
    assertThat(node.ham().status().notices()).noneMatch(n -> n.contains("starts wait"));
    assertThat(node.hamPid()).isEqualTo(ham);
    untouched.remove("e0");
    assertAllIsWell("e1");
  }

  private boolean killAgain(String entity) throws InterruptedException {
    long pid = node.pid(entity);
    if (pid != 0) {
      Proc.signal("KILL", pid);
    }
    return pid == 0;
  }

  private boolean told(String what) throws InterruptedException {
    return node.ham().status().notices().stream().anyMatch(n -> n.contains(what));
  }

  private void limitDescriptors(long pid, int most) {
    assertThat(node.run(Map.of(), "prlimit", "--pid", "" + pid, "--nofile=" + most + ":1024"))
        .isZero();
  }

  private void assertLogged(String text) throws IOException {
    assertThat(Files.readString(node.output())).contains(text);
  }

  /** Nobody was touched, and whoever dies now is restarted, once. */
  private void assertAllIsWell(String one) throws Exception {
    for (Map.Entry<String, Long> entity : untouched.entrySet()) {
      assertThat(node.pid(entity.getKey())).isEqualTo(entity.getValue());
      assertThat(node.object(entity.getKey()).deaths()).isZero();
    }
    replaced(one);
    assertThat(node.object(one).restarts()).isEqualTo(1);
  }

  /** Killed, and there again. */
  private void replaced(String one) {
    long pid = untouched.get(one);
    Proc.signal("KILL", pid);
    untouched.put(one, successor(one, pid));
  }
}

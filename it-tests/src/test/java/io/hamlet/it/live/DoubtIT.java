package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.crash.Plight;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
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
    standing();
    for (int i = 0; i < ENTITIES; i++) {
      untouched.put("e" + i, watched("e" + i, "/bin/sleep", "1000").pid());
    }
  }

  @ParameterizedTest
  @EnumSource(Plight.class)
  void aHamThatIsOfNoUseIsReplacedByItsGuardian(Plight plight) throws Exception {
    long ham = node.hamPid();
    long guardian = standing();
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
    long guardian = standing();

    Inflict.on(guardian, plight, directory);

    Until.isTrue("it is gone", () -> !Proc.isAlive(guardian));
    Until.isTrue("another stands guard", () -> standing() != guardian);
    assertThat(node.hamPid()).isEqualTo(ham);
    assertThat(node.ham().status().guardian().failures()).isEqualTo(1);
    assertAllIsWell("e0");
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

  /** The pid of the Guardian, once it stands guard. */
  private long standing() {
    return Until.given(
        "a Guardian stands guard",
        () -> {
          long guardian = node.guardianPid();
          return guardian == 0 ? null : guardian;
        });
  }

  /** Nobody was touched, and whoever dies now is restarted, once. */
  private void assertAllIsWell(String one) throws Exception {
    for (Map.Entry<String, Long> entity : untouched.entrySet()) {
      assertThat(node.pid(entity.getKey())).isEqualTo(entity.getValue());
      assertThat(node.object(entity.getKey()).deaths()).isZero();
    }
    long pid = untouched.get(one);
    Proc.signal("KILL", pid);
    untouched.put(one, successor(one, pid));
    assertThat(node.object(one).restarts()).isEqualTo(1);
  }
}

package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.agent.basic.cluster.Register;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two daemons that both believe to lead write of one host: one of them at most goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegisterIT {
  private static final int ROUNDS = 60;

  @TempDir static Path directory;
  private LiveCluster cluster;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);
  private Ham ham;

  @BeforeAll
  void start() {
    cluster = LiveCluster.start(directory, 1);
    ham = cluster.node("a").ham();
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void whoReadWhileAnotherWroteDoesNotGoOnFromWhatWasBefore() throws Exception {
    Register second = new Register(ham, 2);
    ConditionSpec never = ConditionSpec.raise(1, 1, 1).with(Flag.OfCondition.KEEP_ON_EMPTY);
    Condition first = ham.connectNode("*").named(".global").condition("basic:host#1", never);
    assertThat(second.read()).doesNotContainKey("host");
    first.action("0", Deed.log("begun"));
    first.action("end", Deed.log(""));
    assertThatThrownBy(() -> second.write("host", "begun too")).isInstanceOf(Register.Taken.class);
    assertThat(second.read()).containsEntry("host", "begun");
    second.write("host", "later");
    assertThat(second.read()).containsEntry("host", "later");
  }

  @Test
  void ofTwoThatWriteAtOnceOneAtMostGoesOn() throws Exception {
    Random chance = new Random(7);
    int done = 0;
    try (ExecutorService writers = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < ROUNDS; round++) {
        String host = "raced" + round;
        int pause = chance.nextInt(12);
        Future<Boolean> other = writers.submit(() -> write(host, 1, 0));
        Future<Boolean> one = writers.submit(() -> write(host, 2, pause));
        List<Boolean> both = List.of(other.get(), one.get());
        assertThat(both).as("round %d, pause %d", round, pause).isNotEqualTo(List.of(true, true));
        done += both.contains(true) ? 1 : 0;
      }
    }
    assertThat(done).as("rounds in which somebody went on").isPositive();
  }

  /** True: it goes on, as one that knew of nothing before. */
  private boolean write(String host, int mark, int pauseMillis) throws Exception {
    Register register = new Register(ham, mark);
    LockSupport.parkNanos(pauseMillis * 1_000_000L);
    if (register.read().containsKey(host)) {
      return false;
    }
    try {
      register.write(host, "x".repeat(20_000));
      return true;
    } catch (Register.Taken e) {
      return false;
    }
  }
}

package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Ack;
import io.hamlet.client.Action;
import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Pulse;
import io.hamlet.client.PulseChannel;
import io.hamlet.client.Rearm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is true on one node has something done on another. */
class ErrandIT {
  private static final Logger LOG = LoggerFactory.getLogger(ErrandIT.class);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int VOLLEY = Integer.getInteger("hamlet.volley", 300);

  @TempDir Path directory;
  private LiveCluster cluster;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);
  private Ham a;
  private Ham b;
  private Entity entity;
  private Condition raised;

  @BeforeEach
  void start() throws Exception {
    cluster = LiveCluster.start(directory, 2);
    a = cluster.node("a").ham();
    b = cluster.node("b").ham();
    entity = a.entity("e");
    raised = entity.condition("c", ConditionSpec.raise(1, 0, 0));
  }

  @AfterEach
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void pulseSignalAndExecuteReachTheOtherNode() throws Exception {
    Path made = directory.resolve("made");
    b.attach("target", Command.of("/bin/sleep", "1000"), Flag.OfEntity.KEEP_ON_DEATH);
    long pid = cluster.node("b").pid("target");
    try (PulseChannel channel = b.openChannel()) {
      raised.action("run", new Deed.Execute(List.of("/usr/bin/touch", made.toString()), "b"));
      raised.action("tell", pulse(channel));
      raised.action("end", new Deed.Signal("b", pid, 15, 0, 0));
      entity.raise(1, 1, 1);
      assertThat(channel.poll(LONG)).isEqualTo(new Pulse(7, 42));
      Until.isTrue("the command ran on b", () -> Files.exists(made));
      Until.isTrue("the process on b got its signal", () -> cluster.node("b").pid("target") == 0);
    }
  }

  @Test
  void aProcessThatIsNotThereIsRefusedByItsNode() {
    HamException.Refused no = refusal(new Deed.Signal("b", 4_000_000, 15, 0, 0));
    assertThat(no.reason()).isEqualTo(HamException.Reason.NO_SUCH_PROCESS);
    assertThat(refusal(new Deed.Pulse("z", 1, 1, 1, 1)).getMessage()).contains("a, b");
  }

  @Test
  void aPulseArrivesOnceThoughTheManagersOfBothNodesAreKilled() throws Exception {
    try (PulseChannel channel = b.openChannel()) {
      raised.action("tell", pulse(channel), Rearm.ON, Flag.OfAction.KEEP_ON_FAIL);
      for (String killed : List.of("b", "a", "b")) {
        cluster.awaitGuard("a");
        cluster.awaitGuard("b");
        cluster.node(killed).kill(List.of(cluster.node(killed).hamPid()));
        entity.raise(1, 1, 1);
        assertThat(channel.poll(LONG))
            .as("after the HAM of %s died", killed)
            .isEqualTo(new Pulse(7, 42));
      }
      assertThat(channel.poll(Duration.ofSeconds(2))).as("and no more").isNull();
    }
  }

  @Test
  void whenTheOtherNodeIsGoneTheAlternateRuns() throws Exception {
    Path instead = directory.resolve("instead");
    Path made = directory.resolve("made");
    Action action =
        raised.action("run", new Deed.Execute(List.of("/usr/bin/touch", made.toString()), "b"));
    action.onFail("else", Deed.execute("/usr/bin/touch", instead.toString()));
    cluster.node("b").killEverything();
    entity.raise(1, 1, 1);
    Until.isTrue("the alternate ran on a", () -> Files.exists(instead));
    cluster.node("b").launch();
    cluster.await("a", "b", "up");
    assertThat(made).doesNotExist();
  }

  /** How long it takes from a raise to the pulse, on the same node and on the other. */
  @Test
  void aVolleyOfPulses() throws Exception {
    Condition near = entity.condition("near", ConditionSpec.raise(2, 0, 0));
    Entity local = a.withAck(Ack.LOCAL).named("e");
    try (PulseChannel there = b.openChannel();
        PulseChannel here = a.openChannel()) {
      raised.action("tell", pulse(there), Rearm.ON);
      near.action("tell", Deed.pulse(here, 7, 42), Rearm.ON);
      List<Long> far = new ArrayList<>();
      List<Long> home = new ArrayList<>();
      for (int i = 0; i < VOLLEY; i++) {
        far.add(micros(local, 1, there));
        home.add(micros(local, 2, here));
      }
      LOG.info("raise on a to pulse on b: {}; to pulse on a: {}", shown(far), shown(home));
    }
  }

  private static long micros(Entity entity, int type, PulseChannel channel)
      throws InterruptedException {
    long before = System.nanoTime();
    entity.raise(type, 1, 1);
    assertThat(channel.poll(LONG)).isEqualTo(new Pulse(7, 42));
    return (System.nanoTime() - before) / 1_000;
  }

  /** The first third warms up. */
  private static String shown(List<Long> micros) {
    List<Long> warm = new ArrayList<>(micros.subList(micros.size() / 3, micros.size()));
    Collections.sort(warm);
    return "median " + warm.get(warm.size() / 2) + " us, p10 " + warm.get(warm.size() / 10) + " us";
  }

  private static Deed pulse(PulseChannel channel) {
    return new Deed.Pulse("b", ProcessHandle.current().pid(), channel.number(), 7, 42);
  }

  private HamException.Refused refusal(Deed deed) {
    try {
      raised.action("x", deed);
    } catch (HamException.Refused no) {
      return no;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    throw new AssertionError("it was not refused");
  }
}

package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.Rearm;
import io.hamlet.client.TreeObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thin path through all layers, and what survives the death of everything. */
class OneNodeIT {
  @TempDir Path directory;
  private LiveNode node;

  @BeforeEach
  void startNode() {
    node = LiveNode.start(directory, "one");
  }

  @AfterEach
  void stopNode() {
    node.close();
  }

  @Test
  void aKilledEntityIsRestartedByItsDeathCondition() throws InterruptedException {
    Entity entity = watched("sleeper", "/bin/sleep", "1000");
    long first = entity.pid();
    awaitSleep(first);

    Proc.signal("KILL", first);

    long second = Until.given("a new process", () -> other(node.pid("sleeper"), first));
    awaitSleep(second);
    assertThat(Proc.isAlive(first)).isFalse();
    TreeObject told = node.object("sleeper");
    assertThat(told.restarts()).isEqualTo(1);
    assertThat(told.deaths()).isEqualTo(1);
    assertThat(told.lastExit()).isEqualTo("signal 9");
  }

  @Test
  void entitiesOutliveTheDeathOfLauncherAndManagerAndAreAdoptedAgain() throws InterruptedException {
    long pid = watched("survivor", "/bin/sleep", "1000").pid();
    long started = Proc.startTime(pid);

    node.killEverything();
    assertThat(Proc.startTime(pid)).isEqualTo(started);
    node.launch();

    assertThat(node.pid("survivor")).isEqualTo(pid);
    assertThat(node.object("survivor").restarts()).isZero();
    assertThat(node.ham().status().ham().failures()).isEqualTo(1);
    Proc.signal("KILL", pid);
    Until.isTrue("restarted by the successor", () -> node.object("survivor").restarts() == 1);
  }

  @Test
  void aDeathDuringTheAbsenceOfEveryManagerIsMadeUpFor() throws InterruptedException {
    long pid = watched("orphan", "/bin/sleep", "1000").pid();

    node.killEverything();
    Proc.signal("KILL", pid);
    node.launch();

    long next = Until.given("a new process", () -> other(node.pid("orphan"), pid));
    assertThat(Proc.isAlive(next)).isTrue();
    assertThat(node.object("orphan").restarts()).isEqualTo(1);
  }

  @Test
  void aManagerKilledAloneIsReplaced() throws InterruptedException {
    long pid = watched("untouched", "/bin/sleep", "1000").pid();
    long ham = node.hamPid();

    Proc.signal("KILL", ham);

    Until.isTrue("another HAM acts", () -> node.hamPid() != ham);
    assertThat(node.pid("untouched")).isEqualTo(pid);
    assertThat(Proc.isAlive(node.launcherPid())).isTrue();
  }

  @Test
  void stopEndsTheNodeAndLeavesTheEntitiesRunning() throws InterruptedException {
    long pid = watched("left", "/bin/sleep", "1000").pid();

    node.ham().stop();

    assertThat(node.awaitEnd()).isZero();
    assertThat(node.output()).content().as("what it removes itself").doesNotContain("removed");
    assertThat(Proc.isAlive(pid)).isTrue();
    node.launch();
    assertThat(node.pid("left")).isEqualTo(pid);
    assertThat(node.ham().status().ham().failures()).isZero();
  }

  @Test
  void aPortThatIsTakenIsNamedWithWhatToDo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String place = "127.0.0.1:" + taken.getLocalPort();
      LiveNode other = LiveNode.prepare(directory.resolve("two"), "two", "--listen", place);
      other.begin();
      assertThat(other.awaitEnd()).isEqualTo(73);
      assertThat(other.output()).content().contains("served at " + place + ": ", "(--listen)");
    }
  }

  @Test
  void aCompoundRestartRunsItsStepsInOrder() throws Exception {
    Path ready = directory.resolve("ready");
    Path order = directory.resolve("order");
    Path script = directory.resolve("service.sh");
    Files.writeString(
        script,
        "#!/bin/sh\necho service >>" + order + "\n: >" + ready + "\nexec /bin/sleep 1000\n");
    script.toFile().setExecutable(true);
    Path step = directory.resolve("step.sh");
    Files.writeString(
        step, "#!/bin/sh\necho \"$1 $HAM_ENTITY $HAM_EVENT $HAM_REASON\" >>" + order + "\n");
    step.toFile().setExecutable(true);
    Ham ham = node.ham();
    Entity entity = ham.attach("svc", Command.of(script.toString()));
    Condition death = entity.condition("dead", ConditionSpec.death().rearm(Rearm.ON));
    death.action("clean", Deed.execute(step.toString(), "before"), Rearm.ON);
    death.action("settle", Deed.waitFor(java.time.Duration.ofMillis(100)), Rearm.ON);
    death.action("again", Deed.restart(), Rearm.ON);
    death.action("ready", Deed.waitFor(ready, java.time.Duration.ofSeconds(20)), Rearm.ON);
    death.action("mount", Deed.execute(step.toString(), "after"), Rearm.ON);
    Until.isTrue("the service is ready", () -> Files.exists(ready));
    Files.delete(ready);
    Files.delete(order);

    Proc.signal("TERM", entity.pid());

    Until.isTrue("the last step has run", () -> Files.readString(order).contains("after"));
    assertThat(Files.readAllLines(order))
        .isEqualTo(List.of("before svc death signal 15", "service", "after svc death signal 15"));
  }

  private Entity watched(String name, String... command) throws InterruptedException {
    Entity entity = node.ham().attach(name, Command.of(command), Flag.OfEntity.KEEP_ON_DEATH);
    Condition death = entity.condition("dead", ConditionSpec.death().rearm(Rearm.ON));
    death.action("again", Deed.restart(), Rearm.ON);
    return entity;
  }

  /** For a moment it is one that is to become that program. */
  private static void awaitSleep(long pid) {
    Until.isTrue("it sleeps", () -> Proc.commandLine(pid).equals("/bin/sleep 1000"));
  }

  private static Long other(long pid, long than) {
    return pid != 0 && pid != than ? pid : null;
  }
}

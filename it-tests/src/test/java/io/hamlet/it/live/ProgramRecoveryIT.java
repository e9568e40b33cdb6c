package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.ConditionType;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Pulse;
import io.hamlet.client.PulseChannel;
import io.hamlet.client.Rearm;
import io.hamlet.client.TreeObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Recovery in several stages, of hanging programs, and of programs that somebody else started. */
class ProgramRecoveryIT extends LiveTest {
  private static final String MARK = "HAMLET_IT_MARK";

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endWhatWasStarted() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void aCompoundRestartWaitsForNginxThenExecutesAndNotifiesBySignalAndPulse() throws Exception {
    Programs.Server nginx = Programs.nginx(directory, false);
    Path seen = directory.resolve("seen");
    Path said = directory.resolve("said");
    Process subscriber =
        start(
            "/bin/sh", "-c", "trap 'echo USR1 >>" + seen + "' USR1; while :; do sleep 0.01; done");
    Entity web = node.ham().attach("web", nginx.command().build());
    Condition death = web.condition("dead", ConditionSpec.death().rearm(Rearm.ON));
    try (PulseChannel channel = node.ham().openChannel()) {
      death.action("again", Deed.restart(), Rearm.ON);
      death.action("up", Deed.waitFor(nginx.pidFile(), Duration.ofSeconds(20)), Rearm.ON);
      death.action("tell", Deed.execute("/usr/bin/touch", said.toString()), Rearm.ON);
      death.action("signal", Deed.signal(subscriber.pid(), 10), Rearm.ON);
      death.action("pulse", Deed.pulse(channel, 7, 42), Rearm.ON);
      Until.isTrue("nginx serves", nginx::servesHttp);
      Until.isTrue("nginx has filed its pid", () -> nginx.filedPid() == web.pid());
      // A killed nginx leaves its file, so it goes away with TERM; the next one makes it anew.
      for (int round = 1; round <= 3; round++) {
        long pid = node.pid("web");
        Proc.signal("TERM", pid);

        assertThat(channel.poll(Duration.ofSeconds(30))).isEqualTo(new Pulse(7, 42));
        // The file is there before its content, and a TERM means nothing before nginx heeds it.
        long filed = Until.given("the pid is filed", nginx::filedPid);
        assertThat(filed).isEqualTo(node.pid("web")).isNotEqualTo(pid);
        Until.isTrue("it serves again", nginx::servesHttp);
        Until.isTrue("executed", () -> Files.deleteIfExists(said));
        int signals = round;
        Until.isTrue("signalled", () -> Files.readAllLines(seen).size() == signals);
      }
      assertThat(channel.poll(Duration.ofMillis(50))).isNull();
    }
  }

  @Test
  void aWaitForAPathThatNeverComesFailsAndRunsTheAlternate() throws Exception {
    Entity entity = watched("sleeper", "/bin/sleep", "1000");
    Condition after =
        entity.condition("after", ConditionSpec.of(ConditionType.RESTART).rearm(Rearm.ON));
    Path never = directory.resolve("never");
    Path alternate = directory.resolve("alternate");
    after
        .action(
            "wait",
            Deed.waitFor(never, Duration.ofMillis(100)),
            Rearm.ON,
            Flag.OfAction.KEEP_ON_FAIL,
            Flag.OfAction.BREAK_ON_FAIL)
        .onFail("mark", Deed.execute("/usr/bin/touch", alternate.toString()));
    Path later = directory.resolve("later");
    after.action("later", Deed.execute("/usr/bin/touch", later.toString()), Rearm.ON);

    Proc.signal("KILL", entity.pid());

    Until.isTrue("the alternate ran", () -> Files.exists(alternate));
    Until.isTrue(
        "the failure is told",
        () -> history("sleeper").contains("sleeper/after/wait action-failed"));
    assertThat(later).doesNotExist();
    assertThat(node.object("sleeper/after/wait")).isNotNull();
  }

  @Test
  void aRunningNginxIsAdoptedByPidAndItsEndIsKnown() throws Exception {
    Programs.Server nginx = Programs.nginx(directory, false);
    Process own = start(nginx.argv().toArray(String[]::new));
    Until.isTrue("nginx serves", nginx::servesHttp);
    assertThat(Proc.commandLine(own.pid())).startsWith("nginx: master process");
    assertItsTitleIsWhereItsEnvironmentWas(own);
    Entity web =
        node.ham().adopt("web", own.pid(), nginx.command().build(), Flag.OfEntity.KEEP_ON_DEATH);
    restarted(web);
    List<Long> workers = Proc.children(own.pid());
    assertThat(node.object("web").type()).isEqualTo("ATTACHED");
    assertThat(Proc.isAlive(own.pid())).isTrue();

    // nginx's own end on TERM: exit 0, seen though it is no child of the node.
    Proc.signal("TERM", own.pid());

    long next = successor("web", own.pid());
    assertThat(node.object("web").lastExit()).isIn("exit 0", "unknown");
    assertThat(workers).noneMatch(Proc::isAlive);
    Until.isTrue("the next nginx serves", nginx::servesHttp);
    Proc.signal("KILL", next);
    successor("web", next);
    assertThat(node.object("web").lastExit()).isEqualTo("signal 9");
  }

  @Test
  void anAdoptedProgramThatSurvivesTheManagersIsStillTheSame() throws Exception {
    Programs.Server redis = Programs.redis(directory, false);
    Process own = start(redis.argv().toArray(String[]::new));
    Until.isTrue("redis answers", () -> redis.answers("PING\r\n", "+PONG"));
    assertItsTitleIsWhereItsEnvironmentWas(own);
    restarted(
        node.ham().adopt("store", own.pid(), redis.command().build(), Flag.OfEntity.KEEP_ON_DEATH));

    node.killEverything();
    node.launch();

    assertThat(node.pid("store")).isEqualTo(own.pid());
    assertThat(node.object("store").deaths()).isZero();
    Proc.signal("KILL", own.pid());
    successor("store", own.pid());
    assertThat(node.object("store").restarts()).isEqualTo(1);
    Until.isTrue("redis answers again", () -> redis.answers("PING\r\n", "+PONG"));
  }

  @Test
  void aStoppedProgramIsFoundByItsMissedBeatsKilledAndBeatsAgain() throws Exception {
    Entity entity = node.ham().entity("heart", Flag.OfEntity.KEEP_ON_DEATH);
    List<String> command = Beater.command(node.address(), "heart");
    entity
        .condition("dead", ConditionSpec.death().rearm(Rearm.ON))
        .action("again", Deed.restart(command.toArray(String[]::new)), Rearm.ON);
    entity
        .condition("hangs", ConditionSpec.of(ConditionType.BEAT_MISSED_HIGH).rearm(Rearm.ON))
        .action("kill", Deed.signalSelf(9), Rearm.ON);
    Process first = start(command.toArray(String[]::new));
    Until.isTrue("it has attached itself", () -> node.pid("heart") == first.pid());
    long pid = first.pid();
    for (int round = 1; round <= 2; round++) {
      Proc.signal("STOP", pid);
      long next = successor("heart", pid);
      assertThat(Proc.isAlive(pid)).isFalse();
      Until.isTrue("it beats again", () -> isBeating(next));
      pid = next;
    }
    assertThat(history("heart"))
        .containsSubsequence("heart beat-missed-low", "heart beat-missed-high", "heart death");
    assertThat(node.object("heart").restarts()).isEqualTo(2);
  }

  private boolean isBeating(long pid) throws InterruptedException {
    TreeObject heart = node.object("heart");
    return heart.pid() == pid
        && heart.type().equals("ATTACHEDSELF")
        && heart.health().equals("HBEATOK");
  }

  /** So nothing that it was started with can tell who it is; its pid and start time do. */
  private static void assertItsTitleIsWhereItsEnvironmentWas(Process process) throws IOException {
    assertThat(Proc.variable(process.pid(), "PATH")).isNull();
    assertThat(Proc.variable(process.pid(), MARK)).isNull();
  }

  private Process start(String... command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("started.log").toFile());
    builder.environment().put(MARK, "there until a title is written over it");
    Process process = builder.start();
    started.add(process);
    return process;
  }
}

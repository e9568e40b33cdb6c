package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.ConditionType;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Rearm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Programs nobody here wrote are started, killed, crashed, and serve again. */
class RealProgramsIT extends LiveTest {
  @Test
  void theWorkersOfADeadNginxAreGoneBeforeTheNextOneServes() throws Exception {
    Programs.Server nginx = Programs.nginx(directory, false);
    long master = watched("web", nginx.command().build()).pid();
    Until.isTrue("nginx serves", nginx::servesHttp);
    List<Long> workers = Until.given("two workers", () -> two(Proc.children(master)));

    Proc.signal("KILL", master);

    long next = successor("web", master);
    assertThat(workers).noneMatch(Proc::isAlive);
    Until.isTrue("the next nginx serves", nginx::servesHttp);
    assertThat(Proc.isAlive(next)).isTrue();
    assertThat(node.object("web").restarts()).isEqualTo(1);
    assertThat(node.object("web").lastExit()).isEqualTo("signal 9");
  }

  @Test
  void anNginxThatForksIsWatchedByItsPidFile() throws Exception {
    Programs.Server nginx = Programs.nginx(directory, true);
    Command command = nginx.command().forking(nginx.pidFile().toString()).build();
    long first = watched("web", command).pid();
    Until.isTrue("nginx serves", nginx::servesHttp);
    first = node.pid("web");
    assertThat(first).isEqualTo(nginx.filedPid());

    Proc.signal("KILL", first);

    long second = successor("web", first);
    Until.isTrue("the file names the next one", () -> nginx.filedPid() == second);
    Until.isTrue("the next nginx serves", nginx::servesHttp);
    Proc.signal("TERM", second);
    long third = successor("web", second);
    Until.isTrue("the third nginx serves", nginx::servesHttp);
    assertThat(nginx.filedPid()).isEqualTo(third);
    assertThat(node.object("web").deaths()).isEqualTo(2);
  }

  @Test
  void aForkingProgramWithoutAPidFileIsWatchedByItsSessionLeader() throws Exception {
    Programs.Server nginx = Programs.nginx(directory, true);
    watched("web", nginx.command().forking().build());
    Until.isTrue("nginx serves", nginx::servesHttp);
    long first = nginx.filedPid();
    assertThat(node.pid("web")).isEqualTo(first);

    Proc.signal("KILL", first);

    long second = successor("web", first);
    Until.isTrue("the next nginx serves", nginx::servesHttp);
    assertThat(nginx.filedPid()).isEqualTo(second);
  }

  @Test
  void aDaemonizingRedisIsRestartedWithItsDataDirectory() throws Exception {
    Programs.Server redis = Programs.redis(directory, true);
    Command command = redis.command().forking(redis.pidFile().toString()).build();
    watched("store", command);
    Until.isTrue("redis answers", () -> redis.answers("PING\r\n", "+PONG"));
    long first = node.pid("store");
    assertThat(redis.filedPid()).isEqualTo(first);

    Proc.signal("KILL", first);

    long second = successor("store", first);
    Until.isTrue("redis answers again", () -> redis.answers("PING\r\n", "+PONG"));
    assertThat(redis.filedPid()).isEqualTo(second);
    assertThat(Proc.running(Proc.commandLine(second))).containsExactly(second);
  }

  @Test
  void aRedisThatCrashesFiresAbnormalDeathBeforeDeath() throws Exception {
    Programs.Server redis = Programs.redis(directory, false);
    Entity store = watched("store", redis.command().build());
    store
        .condition("crashed", ConditionSpec.of(ConditionType.ABNORMAL_DEATH).rearm(Rearm.ON))
        .action("note", Deed.log("it crashed"), Rearm.ON);
    Until.isTrue("redis answers", () -> redis.answers("PING\r\n", "+PONG"));

    long second = crash(store.pid(), "SEGV", "signal 11");
    Until.isTrue("redis answers again", () -> redis.answers("PING\r\n", "+PONG"));
    List<String> told = history("store");
    assertThat(told).containsSubsequence("store abnormal-death", "store death", "store restart");
    assertThat(told).contains("store/crashed/note action-done");

    crash(second, "ABRT", "signal 6");
    assertThat(count("store abnormal-death")).isEqualTo(2);
    Proc.signal("KILL", node.pid("store"));
    Until.isTrue("killed", () -> node.object("store").deaths() == 3);
    assertThat(count("store abnormal-death")).isEqualTo(2);
  }

  private long crash(long pid, String signal, String exit) throws InterruptedException {
    Proc.signal(signal, pid);
    long next = successor("store", pid);
    assertThat(node.object("store").lastExit()).startsWith(exit);
    return next;
  }

  private long count(String word) throws InterruptedException {
    return history("store").stream().filter(word::equals).count();
  }

  @Test
  void pythonServesAgainAfterEachOfTenKills() throws Exception {
    Programs.Server python = Programs.python(directory);
    long pid = watched("files", python.command().build()).pid();
    for (int i = 0; i < 10; i++) {
      Proc.signal("KILL", pid);
      pid = successor("files", pid);
    }
    Until.isTrue("python serves", python::servesHttp);
    assertThat(node.object("files").restarts()).isEqualTo(10);
    assertThat(Proc.running(Proc.commandLine(pid))).containsExactly(pid);
  }

  @Test
  void postgresRunsAsItsOwnUserAndRecoversAfterItsPostmasterWasKilled() throws Exception {
    Needs.root();
    Path initdb = Needs.postgres("initdb");
    int port = Programs.freePort();
    String user = userFor();
    Path data = cluster(initdb, user);
    Command command =
        Command.builder(
                List.of(
                    initdb.resolveSibling("postgres").toString(),
                    "-D",
                    data.toString(),
                    "-p",
                    "" + port,
                    "-h",
                    "127.0.0.1",
                    "-k",
                    data.toString()))
            .user(user)
            .directory(data.toString())
            .build();
    long first = watched("db", command).pid();
    Until.isTrue("postgres takes connections", () -> takesConnections(port));
    assertThat(Files.getOwner(Path.of("/proc/" + first)).getName()).isEqualTo(user);
    List<Long> backends = Proc.children(first);
    assertThat(backends).isNotEmpty();

    Proc.signal("KILL", first);

    long second = successor("db", first);
    assertThat(backends).noneMatch(Proc::isAlive);
    Until.isTrue("postgres takes connections again", () -> takesConnections(port));
    assertThat(node.pid("db")).isEqualTo(second);
    assertThat(node.object("db").restarts()).isEqualTo(1);
    Proc.signal("QUIT", second);
    successor("db", second);
    assertThat(node.object("db").lastExit()).as("QUIT is caught").isEqualTo("exit 0");
  }

  /** A new database cluster of that user. */
  private Path cluster(Path initdb, String user) {
    Path data = directory.resolve("data");
    assertThat(node.run(Map.of(), "install", "-d", "-m", "700", "-o", user, data.toString()))
        .isZero();
    assertThat(
            node.run(
                Map.of("PWD", "/"),
                "setpriv",
                "--reuid",
                user,
                "--regid",
                user,
                "--clear-groups",
                initdb.toString(),
                "-D",
                data.toString(),
                "-N",
                "-A",
                "trust"))
        .as("initdb; see " + node.output())
        .isZero();
    return data;
  }

  /** PostgreSQL refuses root. */
  private String userFor() {
    return node.run(Map.of(), "id", "postgres") == 0 ? "postgres" : "nobody";
  }

  private boolean takesConnections(int port) throws IOException {
    Path ready = Needs.postgres("pg_isready");
    return node.run(Map.of(), ready.toString(), "-q", "-h", "127.0.0.1", "-p", "" + port) == 0;
  }

  private static List<Long> two(List<Long> all) {
    return all.size() == 2 ? all : null;
  }
}

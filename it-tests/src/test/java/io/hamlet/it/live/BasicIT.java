package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.TestAbreast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The basic HA daemon, called as a hand would call it: sam.md 5.5, and 5.6 row by row. */
class BasicIT {
  private static final String CHECKS =
      "[hosts]\nhost1\n[local]\ncheck_host1\n[options]\ninterval = 100ms\n";
  private static final String ACTIONS = "[slave_to_master]\nact one\nact two %MASTER%\n";

  @TempDir Path directory;
  private BasicHome home;

  @BeforeEach
  void makeHome() throws Exception {
    home = new BasicHome(directory.resolve("home"), "basic");
    home.file("etc/checks.conf", CHECKS).file("etc/actions.conf", ACTIONS);
    home.script("checks/check_host1", "cat said").script("actions/act", "echo \"$*\" >>acted");
    home.file("said", "slave\n");
  }

  @AfterEach
  void stop() throws Exception {
    home.close();
  }

  @TestAbreast
  void row1AMissingFile() throws Exception {
    Files.delete(home.path("etc/checks.conf"));
    assertThat(home.basic("--node=basic").is(78).text()).contains("checks.conf: there is no such");
    home.file("etc/checks.conf", CHECKS).start();
    home.awaitState("host1", "slave");
    Files.delete(home.path("etc/checks.conf"));
    home.basic("reload").is(78);
    home.awaitTold("reload-failed", "no such file");
    assertThat(home.state("host1")).isEqualTo("slave");
  }

  @TestAbreast
  void row2EveryFaultWithItsPlace() throws Exception {
    home.file("etc/checks.conf", CHECKS + "interval = soon\n[nonsense]\n");
    home.file("etc/actions.conf", "early\n[a_to_b]\nact %NOBODY%\n");
    String said = home.basic("--node=basic").is(78).text();
    assertThat(said)
        .contains("checks.conf:7: 'soon' is no duration")
        .contains("checks.conf:8: there is no section [nonsense]")
        .contains("actions.conf:1: 'early' stands before the first section")
        .contains("actions.conf:3: there is no variable %NOBODY%");
    assertThat(home.basic("check-config").is(78).text().lines()).hasSize(4);
    home.file("etc/checks.conf", CHECKS).file("etc/actions.conf", ACTIONS);
    home.basic("check-config").is(0);
  }

  @TestAbreast
  void row3AMissingScriptIsUnknownWhenDue() throws Exception {
    home.file("etc/checks.conf", CHECKS.replace("check_host1", "gone_host1"));
    assertThat(home.basic("check-config").is(0).text()).contains("gone_host1 is not there");
    home.start();
    home.awaitTold("configuration", "gone_host1 is not there");
    home.awaitTold("check-not-runnable", "gone_host1");
    assertThat(home.state("host1")).isEqualTo("unknown");
  }

  @TestAbreast
  void row4WithoutActionsItOnlyWatches() throws Exception {
    Files.delete(home.path("etc/actions.conf"));
    // No section names a word that could stand alone.
    home.file("said", "STATE=slave\n");
    home.start();
    home.awaitTold("configuration", "only monitored");
    home.file("said", "STATE=master\n");
    home.awaitState("host1", "master");
    assertThat(home.path("acted")).doesNotExist();
  }

  @TestAbreast
  void row5AMissingActionAndAReloadOfBothFilesOrNeither() throws Exception {
    home.file("etc/actions.conf", ACTIONS + "gone\n");
    assertThat(home.basic("--node=basic").is(78).text())
        .contains("actions.conf:4: ")
        .contains("gone");
    home.file("etc/actions.conf", ACTIONS).start();
    home.awaitState("host1", "slave");
    home.file("etc/checks.conf", CHECKS.replace("[local]", "host2\n[local]"));
    home.file("etc/actions.conf", ACTIONS + "gone\n");
    Proc.signal("HUP", home.pid());
    home.awaitTold("reload-failed", "gone");
    assertThat(home.state("host2")).isNull();
    home.file("etc/actions.conf", ACTIONS);
    Proc.signal("HUP", home.pid());
    home.awaitTold("reloaded", "");
    assertThat(home.state("host2")).isEqualTo("unknown");
    assertThat(home.state("host1")).isEqualTo("slave");
  }

  @TestAbreast
  void row6AVarThatCannotBeWritten() throws Exception {
    home.file("var", "a file\n");
    home.basic("--node=basic").is(73);
  }

  @TestAbreast
  void aChangeIsInTheTreeAndExplained() throws Exception {
    home.start();
    home.awaitState("host1", "slave");
    assertThat(home.path("acted")).doesNotExist();
    home.file("said", "master\n");
    home.awaitTold("sequence-done", "slave_to_master");
    assertThat(home.path("acted")).hasContent("one\ntwo host1\n");
    assertThat(home.node("tree")).contains("host1").contains("slave_to_master").contains("act one");
    assertThat(home.node("why", "host1"))
        .contains("state")
        .contains("host1/slave_to_master/run action-started");
    assertThat(home.basic("status").is(0).text()).contains("host1  master");
    home.basic("--node=basic").is(1);
  }

  @TestAbreast
  void aKilledDaemonMakesNoFalseChangeAndSaysWhatWasCutOff() throws Exception {
    home.script("actions/act", "echo \"$*\" >>acted; exec sleep 1000");
    home.start();
    home.awaitState("host1", "slave");
    home.file("said", "master\n");
    Until.isTrue("the first command runs", () -> Files.exists(home.path("acted")));
    home.kill();
    home.script("actions/act", "echo \"$*\" >>acted");
    home.start();
    home.awaitTold("sequence-interrupted", "act one");
    Object last = home.check("check_host1", "last");
    Until.isTrue("checked again", () -> !home.check("check_host1", "last").equals(last));
    assertThat(home.told("state-change", "")).isZero();
    assertThat(home.path("acted")).hasContent("one\n");
    for (long left : Proc.running("sleep 1000")) {
      if (isOurs(left)) {
        Proc.signal("KILL", left);
      }
    }
  }

  /** By its directory, which one of another test may take along just now. */
  private boolean isOurs(long pid) {
    try {
      return Files.isSameFile(Path.of("/proc/" + pid + "/cwd"), home.path("."));
    } catch (IOException gone) {
      return false;
    }
  }

  @TestAbreast
  void checksThatMisbehaveHarmNobody() throws Exception {
    home.file(
        "etc/checks.conf",
        CHECKS
            + "timeout = 400ms\n[hosts]\nbad\n[local]\nhang_bad\nflood_bad\nfork_bad\nnoise_bad\n"
            + "dies_bad\n");
    home.script("checks/hang_bad", "trap '' TERM; while :; do sleep 1000; done");
    home.script("checks/flood_bad", "yes | head -c 3000000; yes >&2 | head -c 100000; exit 3");
    home.script("checks/fork_bad", "setsid sleep 1001 & exit 3");
    home.script("checks/noise_bad", "head -c 3000 /dev/urandom; exit 3");
    home.script("checks/dies_bad", "kill -SEGV $$");
    home.start();
    for (String state : List.of("master", "slave", "master", "slave")) {
      for (int i = 0; i < 5; i++) {
        home.script("checks/check_host1", "echo " + state);
      }
      home.awaitState("host1", state);
    }
    for (String bad : List.of("hang_bad", "flood_bad", "fork_bad", "noise_bad", "dies_bad")) {
      Until.isTrue(bad + " ran", () -> !home.check(bad, "last").equals(0L));
      assertThat(home.check(bad, "result")).isEqualTo("UNKNOWN");
    }
    assertThat(home.state("bad")).isEqualTo("unknown");
    home.close();
    Until.isTrue("nothing is left", () -> Proc.running("sleep 1001").isEmpty());
  }

  @TestAbreast
  void othersMaySubmitResultsAndNonsenseIsAnswered() throws Exception {
    home.start();
    home.awaitState("host1", "slave");
    assertThat(home.ask("{\"check\":\"outside\",\"host\":\"host1\",\"exit\":3,\"x\":1}"))
        .isEqualTo("{\"ok\":true}");
    assertThat(home.check("outside", "result")).isEqualTo("UNKNOWN");
    for (String wrong :
        List.of("{", "[]", "{\"get\":\"all\"}", "{\"check\":\"a/b\",\"exit\":0}", "{\"exit\":1}")) {
      assertThat(home.ask(wrong)).startsWith("{\"ok\":false,\"error\":");
    }
    assertThat(home.ask("{\"check\":\"c\",\"host\":\"nobody\",\"exit\":0,\"output\":\"\"}"))
        .contains("nobody");
    Path socket = home.path("var/status.sock");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-rw----");
  }

  @TestAbreast
  void anUnreadableDatabaseIsMovedAsideAndAllIsUnknown() throws Exception {
    home.file("var/status.db", "nonsense\n");
    home.start();
    home.awaitTold("database-unreadable", "status.db.unreadable-");
    home.awaitState("host1", "slave");
  }

  @TestAbreast
  void anotherNodeServesWhenItIsNamed() throws Exception {
    try (LiveNode node = LiveNode.start(directory.resolve("node"), "other")) {
      home.options("--server=" + node.address()).start();
      home.awaitState("host1", "slave");
      home.file("said", "master\n");
      home.awaitTold("sequence-done", "slave_to_master");
      assertThat(node.object("host1/slave_to_master/run")).isNotNull();
      assertThat(home.status().get("node")).isEqualTo("other");
      home.close();
    }
  }
}

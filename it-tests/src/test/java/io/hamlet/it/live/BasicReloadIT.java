package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The right column of sam.md 5.6, row by row, and what a script is given (5.4). */
class BasicReloadIT {
  private static final String CHECKS =
      "[hosts]\nhost1\n[local]\ncheck_host1\n[options]\ninterval = 100ms\n";
  private static final String ACTIONS = "[slave_to_master]\nact one\n";

  @TempDir Path directory;
  private BasicHome home;

  @BeforeEach
  void startIt() throws Exception {
    home = new BasicHome(directory.resolve("home"), "reload");
    home.file("etc/checks.conf", CHECKS).file("etc/actions.conf", ACTIONS);
    home.script("checks/check_host1", "cat said").script("actions/act", "echo \"$*\" >>acted");
    home.file("said", "STATE=slave\n").start();
    home.awaitState("host1", "slave");
  }

  @AfterEach
  void stop() throws Exception {
    home.close();
  }

  private void theOldOneStays() throws Exception {
    home.file("said", "STATE=master\n");
    home.awaitTold("sequence-done", "slave_to_master");
    assertThat(home.path("acted")).hasContent("one\n");
  }

  @Test
  void row1AnUnreadableFile() throws Exception {
    Files.delete(home.path("etc/checks.conf"));
    Files.createDirectory(home.path("etc/checks.conf"));
    assertThat(home.basic("reload").is(78).text()).contains("checks.conf: cannot be read");
    home.awaitTold("reload-failed", "cannot be read");
    theOldOneStays();
  }

  @Test
  void row2FaultsWithTheirPlaces() throws Exception {
    home.file("etc/checks.conf", CHECKS + "interval = soon\n[nonsense]\n");
    home.file("etc/actions.conf", "early\n[a_to_b]\nact %NOBODY%\n");
    assertThat(home.basic("reload").is(78).text())
        .contains("checks.conf:7: 'soon' is no duration")
        .contains("checks.conf:8: there is no section [nonsense]")
        .contains("actions.conf:1: 'early' stands before the first section")
        .contains("actions.conf:3: there is no variable %NOBODY%")
        .contains("the old configuration stays");
    home.awaitTold("reload-failed", "checks.conf:7: ");
    theOldOneStays();
  }

  @Test
  void row3AMissingScriptIsUnknownWhenDue() throws Exception {
    home.file("etc/checks.conf", CHECKS.replace("[local]\n", "[local]\ngone_host1\n"));
    home.basic("reload").is(0);
    home.awaitTold("configuration", "gone_host1 is not there");
    home.awaitTold("check-not-runnable", "gone_host1");
    assertThat(home.state("host1")).isEqualTo("slave");
  }

  @Test
  void row4WithoutActionsItOnlyWatches() throws Exception {
    Files.delete(home.path("etc/actions.conf"));
    home.basic("reload").is(0);
    home.awaitTold("configuration", "only monitored");
    home.file("said", "STATE=master\n");
    home.awaitState("host1", "master");
    assertThat(home.told("state-change", "slave -> master, seen by check_host1; no section"))
        .isEqualTo(1);
    assertThat(home.path("acted")).doesNotExist();
  }

  @Test
  void aScriptIsGivenWhatItNeedsAndItsErrorsAreLogged() throws Exception {
    home.script(
        "checks/looks_host1",
        "cat; [ -e seen ] || { env >seen.new; mv seen.new seen; }; echo woe >&2; exit 1");
    home.file(
        "etc/checks.conf",
        CHECKS
            + "[local]\nlooks_host1\nfine_host1\n[options:looks_host1]\nenv.EXTRA = a b\n"
            + "attempts = 3\n");
    home.script("checks/fine_host1", "echo quiet >&2");
    home.basic("reload").is(0);
    home.awaitTold("check-stderr", "looks_host1@local: woe");
    Until.isTrue("fine ran", () -> "OK".equals(home.check("fine_host1", "result")));
    // Of a good one they are for those who want to know everything.
    assertThat(home.told("check-stderr", "quiet")).isZero();
    assertThat(Files.readAllLines(home.path("seen")))
        .contains(
            "HAM_CHECK=looks_host1",
            "HAM_SCOPE=local",
            "HAM_HOST=host1",
            "HAM_LAST_STATE=slave",
            "HAM_ATTEMPT=1",
            "EXTRA=a b",
            "LC_ALL=C.UTF-8",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        .noneMatch(v -> v.startsWith("HOME=") || v.startsWith("JAVA_HOME="));
  }
}

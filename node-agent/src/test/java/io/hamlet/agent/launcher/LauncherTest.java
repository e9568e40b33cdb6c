package io.hamlet.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ham run} with managers that are played (red-team.md H9, H19). */
class LauncherTest {
  @TempDir Path root;
  private Stage stage;

  @BeforeEach
  void set() throws IOException {
    stage = new Stage(root);
  }

  @AfterEach
  void strike() {
    stage.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 73, 78})
  void exitsWithTheStatusThatTheManagersSay(int status) throws IOException {
    stage.play("echo 'end " + status + "' >\"$STATE/launcher.up\"");
    assertThat(Stage.statusOf(stage.run())).isEqualTo(status);
    assertThat(stage.calls()).hasSize(1);
  }

  @Test
  void waitsForTheManagersToBeGoneAfterTheirLastWord() throws IOException {
    stage.play(
        """
        exec 4<>"$STATE/launcher.up"
        echo 'end 3' >&4
        sleep 0.3
        : >"$STATE/gone"
        """);
    assertThat(Stage.statusOf(stage.run())).isEqualTo(3);
    assertThat(stage.state().resolve("gone")).exists();
  }

  @Test
  void waitsForALauncherThatIsJustEnding() throws IOException {
    Files.createDirectories(stage.state());
    Path lock = stage.state().resolve("launcher.lock");
    List<String> ending = List.of("flock", lock.toString(), "sh", "-c", ": >held; sleep 0.5");
    stage.start(Map.of(), ending);
    await().until(() -> Files.exists(root.resolve("held")));
    stage.play("echo 'end 0' >\"$STATE/launcher.up\"");

    assertThat(Stage.statusOf(stage.run())).isZero();

    assertThat(stage.calls()).hasSize(1);
  }

  @Test
  void startsThePairAgainAndHoldsEffectsAtTheThirdLoss() throws IOException {
    stage.play("(($(wc -l <\"$STATE/calls\") < 4)) || echo 'end 0' >\"$STATE/launcher.up\"");
    long start = System.nanoTime();
    assertThat(Stage.statusOf(stage.run())).isZero();
    // 0, 1 and 2 seconds lie between the four starts; only a lower bound can be relied on.
    assertThat(System.nanoTime() - start).isGreaterThan(3_000_000_000L);
    assertThat(stage.calls()).hasSize(4);
    assertThat(stage.calls().subList(0, 3)).noneMatch(c -> c.contains("--hold-effects"));
    assertThat(stage.calls().get(3)).contains("--hold-effects");
    assertThat(stage.said()).contains("both managers are gone", "effects held");
  }

  @Test
  void doesNotStartAgainWhenForbidden() throws IOException {
    stage.play("exit 0");
    assertThat(Stage.statusOf(stage.run("--no-restart"))).isEqualTo(1);
    assertThat(stage.calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void handsASignalOn(String signal) throws Exception {
    stage.play(Stage.OBEDIENT);
    Process launcher = stage.run();
    stage.awaitSaid("it runs");
    signal(launcher.pid(), signal);
    assertThat(Stage.statusOf(launcher)).isZero();
    assertThat(stage.heard()).isEqualTo(signal + "\n");
  }

  @Test
  void aSignalThatComesBeforeTheManagersListenIsNotLost() throws Exception {
    stage.play(
        """
        until [[ -e $STATE/now ]]; do read -r -t 0.02 <>"$STATE/launcher.up"; done
        """
            + Stage.OBEDIENT);
    Process launcher = stage.run();
    stage.awaitCalls(1);
    signal(launcher.pid(), "TERM");
    Files.writeString(stage.state().resolve("now"), "");
    assertThat(Stage.statusOf(launcher)).isZero();
    assertThat(stage.heard()).isEqualTo("TERM\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUP", "PIPE", "ALRM", "USR1", "USR2"})
  void noOtherSignalMeansAnything(String signal) throws Exception {
    stage.play(Stage.OBEDIENT);
    Process launcher = stage.run();
    stage.awaitSaid("it runs");
    signal(launcher.pid(), signal);
    signal(launcher.pid(), "TERM");
    assertThat(Stage.statusOf(launcher)).isZero();
    assertThat(stage.heard()).isEqualTo("TERM\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalBeforeThereAreManagersIsAnOrderlyEnd(String signal) throws Exception {
    stage.rehearsal(
        """
        : >'%1$s/rehearsing'
        until [[ -e '%1$s/now' ]]; do read -r -t 0.02 <> <(:); done
        """
            .formatted(root));
    stage.play(Stage.OBEDIENT);
    List<String> words =
        List.of(stage.script().toString(), "run", "--state", stage.state().toString());
    Process launcher = stage.start(Map.of("HAM_AOT", "on"), words);
    await("the rehearsal").until(() -> Files.exists(root.resolve("rehearsing")));
    signal(launcher.pid(), signal);
    Files.writeString(root.resolve("now"), "");
    assertThat(Stage.statusOf(launcher)).isZero();
    assertThat(stage.calls()).isEmpty();
  }

  @Test
  void aSignalDuringTheBackOffEndsIt() throws Exception {
    stage.play("exit 0");
    Process launcher = stage.run();
    stage.awaitSaid("in 2 s");
    signal(launcher.pid(), "TERM");
    assertThat(Stage.statusOf(launcher)).isZero();
  }

  @Test
  void refusesASecondLauncher() throws IOException {
    stage.play(Stage.OBEDIENT);
    Process first = stage.run();
    stage.awaitSaid("it runs");
    assertThat(Stage.statusOf(stage.run())).isEqualTo(1);
    assertThat(stage.said()).contains("pid " + first.pid());
    assertThat(stage.calls()).hasSize(1);
    assertThat(first.isAlive()).isTrue();
  }

  @Test
  void attachesToThePairOfAKilledLauncher() throws Exception {
    stage.play(Stage.OBEDIENT);
    for (int i = 0; i < 3; i++) {
      Process launcher = stage.run();
      stage.awaitSaid(i == 0 ? "it runs" : "attached");
      launcher.destroyForcibly();
      Stage.statusOf(launcher);
      Files.writeString(root.resolve("said"), "");
    }
    assertThat(stage.pair(0).isAlive()).isTrue();
    Process last = stage.run();
    stage.awaitSaid("attached");
    signal(last.pid(), "TERM");
    assertThat(Stage.statusOf(last)).isZero();
    assertThat(stage.calls()).hasSize(1);
    assertThat(stage.heard()).isEqualTo("HELLO\nHELLO\nHELLO\nTERM\n");
  }

  @Test
  void aStoppedPairLeavesTheStateDirectoryFree() throws Exception {
    stage.play(Stage.OBEDIENT);
    for (int i = 0; i < 2; i++) {
      Process launcher = stage.run();
      stage.awaitCalls(i + 1);
      signal(launcher.pid(), "TERM");
      assertThat(Stage.statusOf(launcher)).isZero();
    }
    assertThat(stage.calls()).hasSize(2);
  }

  @Test
  void managersInheritNeitherTheLockNorTheLaunchersEnds() throws Exception {
    stage.play(Stage.OBEDIENT);
    stage.run();
    stage.awaitSaid("it runs");
    long pid = stage.pair(0).pid();
    Map<String, String> open = descriptors(pid);
    assertThat(open.values()).noneMatch(f -> f.endsWith("launcher.lock"));
    assertThat(open.get("0")).isEqualTo("/dev/null");
    // Its own two: one inherited from birth, so that end of file cannot come too early.
    assertThat(open.get("7")).endsWith("launcher.up");
    assertThat(open).doesNotContainKeys("5", "6", "8", "9");
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String session = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];
    assertThat(session).as("a session of its own").isEqualTo(String.valueOf(pid));
  }

  @Test
  void readsWhatItNeedsFromOptionsAndFile() throws IOException {
    stage.play("echo 'end 0' >\"$STATE/launcher.up\"");
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/n.conf"), "# a comment\nnode=x\n  state = ../a state  \n");
    List<String> words =
        List.of(
            stage.script().toString(),
            "-o",
            "json",
            "run",
            "--config=etc/n.conf",
            "-f",
            "--state",
            "--",
            "--state=/elsewhere");
    assertThat(stage.call(Map.of(), words)).isZero();
    assertThat(stage.calls()).hasSize(1);
    assertThat(stage.calls().getFirst())
        .endsWith("-o json --config=etc/n.conf -f --state -- --state=/elsewhere");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "..", "", "x y", "$(id)"})
  void refusesANameThatIsNone(String name) throws IOException {
    List<String> words = List.of(stage.script().toString(), "run", "--node=" + name + "/");
    assertThat(stage.call(Map.of(), words)).isEqualTo(64);
    assertThat(stage.said()).contains("is no name for a node");
  }

  @Test
  void aStateThatVanishedEndsTheLauncherInsteadOfAStormOfPairs() throws IOException {
    stage.play("rm -r \"$STATE\"");
    assertThat(Stage.statusOf(stage.run())).isEqualTo(73);
    assertThat(stage.said()).contains("launcher.up is gone");
  }

  @Test
  void aStateThatCannotBeMadeIsSaidPlainly() throws IOException {
    List<String> words = List.of(stage.script().toString(), "run", "--state", "/proc/none/here");
    assertThat(stage.call(Map.of(), words)).isEqualTo(73);
    assertThat(stage.said()).contains("/proc/none/here: cannot be made or written");
  }

  @Test
  void worksInPosixModeSurroundings() throws Exception {
    stage.play(Stage.OBEDIENT);
    List<String> words = List.of(stage.script().toString(), "run", "--state=a state");
    Process launcher = stage.start(Map.of("POSIXLY_CORRECT", "1"), words);
    stage.awaitSaid("it runs");
    signal(launcher.pid(), "TERM");
    assertThat(Stage.statusOf(launcher)).isZero();
    assertThat(stage.heard()).isEqualTo("TERM\n");
  }

  static void signal(long pid, String signal) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }

  private static Map<String, String> descriptors(long pid) throws IOException {
    Map<String, String> open = new java.util.TreeMap<>();
    try (var links = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path link : links.toList()) {
        open.put(link.getFileName().toString(), Files.readSymbolicLink(link).toString());
      }
    }
    return open;
  }
}

package io.hamlet.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

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

/** What {@code deploy/bin/ham} does before there is a JVM. */
class HamScriptTest {
  private static final String MVN =
      """
      #!/bin/bash
      echo "$PWD: $*" >>'%s/built'
      mkdir -p node-agent/target && : >node-agent/target/hamlet-node-agent.jar
      """;

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

  @Test
  void handsEveryWordOnAsItIs() throws IOException {
    List<String> words =
        List.of(
            stage.script().toString(),
            "attach",
            "a b",
            "",
            "--env=X=$(id)",
            "--",
            "/bin/sh",
            "-c",
            "echo \"$HOME\" 'x' *\nline two");
    assertThat(stage.call(Map.of(), words)).isZero();
    assertThat(stage.words())
        .containsExactly(
            "'attach'",
            "'a b'",
            "''",
            "'--env=X=$(id)'",
            "'--'",
            "'/bin/sh'",
            "'-c'",
            "$'echo \"$HOME\" \\'x\\' *\\nline two'");
  }

  /** A node that nobody launches ended with the trace of an exception. */
  @ParameterizedTest
  @ValueSource(strings = {"node", "guardian", "rehearse", "demo-beater"})
  void wordsOfOurProcessesAreNoCommands(String word) throws IOException {
    assertThat(stage.call(Map.of(), List.of(stage.script().toString(), word, "--help")))
        .isEqualTo(64);
    assertThat(stage.said()).contains("there is no command '" + word + "'");
    assertThat(stage.words()).isEmpty();
  }

  @Test
  void worksThroughSymlinksFromAnywhere() throws IOException {
    Path link = root.resolve("first");
    Files.createSymbolicLink(link, stage.script());
    Files.createDirectories(root.resolve("bin of mine"));
    Files.createSymbolicLink(root.resolve("bin of mine/ham"), Path.of("../first"));
    assertThat(stage.call(Map.of(), List.of("bin of mine/ham", "status"))).isZero();
    assertThat(stage.words()).containsExactly("'status'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"run --help", "help run", "--help run", "run --version", "-o json status"})
  void helpNeedsNoLauncher(String words) throws IOException {
    List<String> call = new java.util.ArrayList<>(List.of(stage.script().toString()));
    call.addAll(List.of(words.split(" ")));
    assertThat(stage.call(Map.of(), call)).isZero();
    assertThat(stage.words()).hasSize(words.split(" ").length);
    assertThat(stage.state()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.9", "1.8.0_392", "24"})
  void passesOverAnOlderJdk(String version) throws IOException {
    Files.writeString(root.resolve("a jdk/release"), "JAVA_VERSION=\"" + version + "\"\n");
    stage.call(Map.of(), List.of(stage.script().toString(), "--version"));
    // Whatever else this machine has: the older one is not started.
    assertThat(stage.words()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"25", "25.0.3", "26-ea"})
  void takesItsJdkAndNewerOnes(String version) throws IOException {
    Files.writeString(
        root.resolve("a jdk/release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    assertThat(stage.call(Map.of(), List.of(stage.script().toString(), "ls"))).isZero();
    assertThat(stage.words()).containsExactly("'ls'");
  }

  @Test
  void buildsOnceWhenNothingIsBuilt() throws IOException {
    Files.delete(stage.target().resolve("hamlet-node-agent.jar"));
    Stage.executable(root.resolve("a jdk/bin/javac"), "#!/bin/sh\n");
    Stage.executable(root.resolve("tools/mvn"), MVN.formatted(root));
    Map<String, String> path = Map.of("PATH", root.resolve("tools") + ":" + System.getenv("PATH"));
    List<String> call = List.of(stage.script().toString(), "status");
    List<Process> all = List.of(stage.start(path, call), stage.start(path, call));
    assertThat(all).allMatch(p -> Stage.statusOf(p) == 0);
    assertThat(stage.words()).containsExactly("'status'", "'status'");
    List<String> built = Files.readAllLines(root.resolve("built"));
    assertThat(built).hasSize(1);
    assertThat(built.getFirst()).startsWith(root.resolve("the tree") + ": ").contains("package");
    assertThat(stage.said()).contains("building Hamlet, once");
  }

  @Test
  void saysWhenMavenIsMissing() throws IOException {
    Files.delete(stage.target().resolve("hamlet-node-agent.jar"));
    Path tools = Files.createDirectories(root.resolve("tools"));
    for (String tool : List.of("bash", "readlink", "flock", "env")) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
    }
    List<String> call = List.of(stage.script().toString(), "status");
    assertThat(stage.call(Map.of("PATH", tools.toString()), call)).isEqualTo(78);
    assertThat(stage.said()).contains("mvn is missing. Install Maven");
  }

  @Test
  void saysWhenTheBuildNeedsAJdkAndOnlyARuntimeIsThere() throws IOException {
    Files.delete(stage.target().resolve("hamlet-node-agent.jar"));
    Stage.executable(root.resolve("tools/mvn"), MVN.formatted(root));
    Map<String, String> path = Map.of("PATH", root.resolve("tools") + ":" + System.getenv("PATH"));
    assertThat(stage.call(path, List.of(stage.script().toString(), "status"))).isEqualTo(78);
    assertThat(stage.said()).contains("has no javac");
    assertThat(root.resolve("built")).doesNotExist();
  }

  @Test
  void aCacheThatCannotBeMadeIsNotTriedAgain() throws IOException {
    Map<String, String> on = Map.of("HAM_AOT", "on");
    for (int i = 0; i < 2; i++) {
      assertThat(stage.call(on, List.of(stage.script().toString(), "status"))).isZero();
    }
    assertThat(stage.words()).containsExactly("'rehearse'", "'cli'", "'status'", "'status'");
    Path cache = stage.target().resolve("hamlet-cli.aot");
    assertThat(cache).isEmptyFile();
    assertThat(stage.said()).containsOnlyOnce("preparing a faster start");
  }
}

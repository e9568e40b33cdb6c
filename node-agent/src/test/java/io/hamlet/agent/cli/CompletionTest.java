package io.hamlet.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "'',status",
    "sta,status",
    "forg,forget",
    "'run --clu',--cluster-key",
    "'action a/b/c execute --to-',--to-node",
    "'condition a/b node-l',node-lost",
    "'attach web --kill ',group",
    "'attach web --k',--keep-on-death",
    "'--node n con',condition",
    "'-o ',json",
    "'action a/b/c rest',restart",
    "'heartbeat sus',suspend",
    "'status --out',--output",
    "'run -t ',shortabs"
  })
  void bashCompletes(String typed, String offered) throws Exception {
    assertThat(complete(typed)).contains(offered);
  }

  @Test
  void bashOffersNoneOfItsOwnBehindTwoDashes() throws Exception {
    assertThat(complete("attach web --")).contains("--prefer", "--scope");
    assertThat(complete("run --")).contains("--config", "--cluster");
    assertThat(complete("attach web -- --k")).isEmpty();
  }

  @Test
  void fishTellsEveryCommandAndOption() {
    String script = Completion.fish();
    for (Verb verb : Commands.all()) {
      assertThat(script).contains(" -a " + verb.spec().name() + " ");
    }
  }

  @ParameterizedTest
  @CsvSource({"zsh", "fish"})
  void otherShellsTakeTheirScript(String shell) throws Exception {
    boolean there = new ProcessBuilder("which", shell).start().waitFor() == 0;
    assumeTrue(there, shell + " is not installed here");
    String text = shell.equals("zsh") ? Completion.zsh() : Completion.fish();
    Path script = Files.writeString(directory.resolve("script"), text);
    assertThat(run(shell, "-n", script.toString())).isEmpty();
  }

  private List<String> complete(String typed) throws Exception {
    Path script = Files.writeString(directory.resolve("ham.bash"), Completion.bash());
    assertThat(run("bash", "-n", script.toString())).isEmpty();
    String[] words = ("ham " + typed).split(" ", -1);
    StringBuilder array = new StringBuilder();
    for (String word : words) {
      array.append("'").append(word).append("' ");
    }
    String call =
        "source '"
            + script
            + "'; COMP_WORDS=("
            + array
            + "); COMP_CWORD="
            + (words.length - 1)
            + "; compopt() { :; }; _ham; printf '%s\\n' \"${COMPREPLY[@]}\"";
    return run("bash", "-c", call).lines().filter(l -> !l.isEmpty()).toList();
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}

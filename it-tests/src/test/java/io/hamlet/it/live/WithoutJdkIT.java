package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a machine that has no JDK 25 the two commands of the README say plainly what is missing. */
class WithoutJdkIT {
  /** Hides each JDK that is new enough from the words that follow, and from nobody else. */
  private static final String HIDE =
      """
      for home in /usr/lib/jvm/* "$1"; do
        if grep -Eqs '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$home/release"; then
          mount -t tmpfs none "$home" || exit 99
        fi
      done
      unset JAVA_HOME
      cd "$2" && shift 2 && exec "$@"
      """;

  private static final Path HAM = LiveNode.program();
  private static final Path PROJECT = HAM.resolve("../../..").normalize();

  @BeforeEach
  void needRoot() {
    Needs.root();
  }

  @Test
  void hamDemoNamesIt() throws Exception {
    hidden(HAM.toString(), "demo").is(78).explains("no JDK 25 found").explains("JAVA_HOME");
  }

  @Test
  void mavenNamesIt() throws Exception {
    String mvn = Needs.program("mvn").toString();
    Needs.that("older-java", "an older Java for Maven", hidden(mvn, "--version").status() == 0);
    Said said = hidden(mvn, "-B", "-o", "-N", "validate").is(1);
    assertThat(said.text()).contains("Hamlet needs a JDK 25: install one");
  }

  private static Said hidden(String... words) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", HIDE, "hide"));
    all.addAll(List.of(System.getProperty("java.home"), PROJECT.toString()));
    all.addAll(List.of(words));
    return Said.run(all);
  }
}

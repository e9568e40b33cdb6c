package io.hamlet.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.agent.os.SpawnRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a HAM says to its Guardian is what the Guardian hears. */
class GuardianCommandTest {
  @Test
  void theWordsAreReadAsTheyWereWritten() {
    GuardianCommand.Words words =
        new GuardianCommand.Words(
            Path.of("/var/lib/hamlet/a b"),
            Path.of("/"),
            4711,
            Optional.of(Path.of("/proc/self/fd/5")),
            List.of(8, 9),
            true,
            List.of("--node", "one", "--", "--held"));

    List<String> text = words.text();

    assertThat(text.getFirst()).isEqualTo(GuardianCommand.WORD);
    assertThat(GuardianCommand.Words.parse(text.subList(1, text.size()))).isEqualTo(words);
  }

  @Test
  void whatIsKeptComesToTheRest() {
    SpawnRequest.Given socket = new SpawnRequest.Given(5, 8);
    SpawnRequest plain =
        new SpawnRequest("/bin/java", List.of("java"), List.of("A=B"), List.of(socket));

    SpawnRequest keeping = GuardianCommand.keeping(72, plain);

    SpawnRequest.Given kept = new SpawnRequest.Given(72, GuardianCommand.KEPT);
    assertThat(keeping)
        .isEqualTo(
            new SpawnRequest("/bin/java", List.of("java"), List.of("A=B"), List.of(socket, kept)));
  }

  @Test
  void nobodyElseStartsAGuardian() {
    assertThatThrownBy(() -> GuardianCommand.Words.parse(List.of("--node", "one")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ham run");
  }
}

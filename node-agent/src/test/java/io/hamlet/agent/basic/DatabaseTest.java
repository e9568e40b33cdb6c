package io.hamlet.agent.basic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.agent.basic.core.BasicState;
import io.hamlet.agent.basic.core.CheckState;
import io.hamlet.agent.basic.core.HostState;
import io.hamlet.agent.basic.core.Outcome;
import io.hamlet.agent.basic.core.Sequence;
import io.hamlet.agent.cli.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read again, and what is not ours is refused. */
class DatabaseTest {
  private static final BasicState STATE =
      new BasicState(
          List.of(new HostState("h\u20ac\"\\", "slave", 12, true, true)),
          List.of(
              new CheckState(
                  "c@local", "h", Outcome.WARNING, "a\tb", "p=1", "up", true, "down", 2, 0, 5, 6)),
          List.of(
              new Sequence(
                  7,
                  "h",
                  "slave",
                  "master",
                  "slave_to_master",
                  List.of(new Sequence.Command(List.of("plumb", ""), true)),
                  Map.of("HAM_HOST", "h"),
                  Sequence.Phase.RUNNING,
                  0,
                  true,
                  false)),
          List.of("unknown", "slave"),
          8);

  @TempDir Path directory;

  @Test
  void aStateIsReadAsItWasWritten() throws Exception {
    Database database = new Database(directory.resolve("status.db"), Json::write);
    assertThat(database.read()).isEqualTo(BasicState.NEW);
    database.write(BasicState.NEW);
    database.write(STATE);
    assertThat(database.read()).isEqualTo(STATE);
    assertThat(directory.toFile().list()).containsExactly("status.db");
  }

  @Test
  void anyCutOrForeignFileIsRefused() throws Exception {
    Path file = directory.resolve("status.db");
    Database database = new Database(file, Json::write);
    database.write(STATE);
    String whole = Files.readString(file);
    // Without its last newline it is still whole.
    for (int length = 0; length < whole.length() - 1; length += 7) {
      Files.writeString(file, whole.substring(0, length));
      assertThatThrownBy(database::read).isInstanceOf(IllegalArgumentException.class);
    }
    Path aside = database.moveAside(42);
    assertThat(aside).exists();
    assertThat(database.read()).isEqualTo(BasicState.NEW);
  }
}

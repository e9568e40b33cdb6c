package io.hamlet.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import io.hamlet.agent.activity.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeConfigTest {
  @TempDir Path directory;

  @Test
  void keysAndDefaultsAreThese() {
    Map<String, String> table =
        Arrays.stream(Key.values()).collect(Collectors.toMap(Key::word, Key::otherwise));
    assertThat(table)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                entry("node", ""),
                entry("state", ""),
                entry("listen", "127.0.0.1:4226"),
                entry("socket", ""),
                entry("no-guardian", "false"),
                entry("no-restart", "false"),
                entry("log", ""),
                entry("stamp", "relative"),
                entry("verbosity", "0"),
                entry("cluster", ""),
                entry("bind", "127.0.0.1:4227"),
                entry("join", ""),
                entry("voters", ""),
                entry("cluster-key", ""),
                entry("tls-cert", ""),
                entry("tls-key", ""),
                entry("tls-ca", ""),
                entry("lease", "1500ms"),
                entry("capacity", "unlimited"),
                entry("quorum-stop-grace", "0s"),
                entry("fencing", "none"),
                entry("fence-agent", ""),
                entry("fence-options", ""),
                entry("fence-timeout", "60s"),
                entry("watchdog", ""),
                entry("watchdog-timeout", "6s")));
  }

  @Test
  void withoutAnythingSaidItIsTheDefaults() throws ConfigException {
    NodeConfig config = read(Map.of("node", "n"));
    assertThat(config.listen()).contains(new Listen("127.0.0.1", 4226));
    assertThat(config.guardian()).isTrue();
    assertThat(config.restart()).isTrue();
    assertThat(config.log()).isEmpty();
    assertThat(config.stamp()).isEqualTo(Stamp.RELATIVE);
    assertThat(config.verbosity()).isZero();
    assertThat(config.places().state().getFileName()).hasToString("n");
    assertThat(config.places().socket()).endsWithRaw(Path.of("n/ham.sock"));
  }

  @Test
  void theNodeIsNamedLikeTheHost() throws Exception {
    String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    assertThat(read(Map.of()).node()).isEqualTo(host);
  }

  @Test
  void anOptionComesBeforeTheFileAndTheFileBeforeTheDefault() throws Exception {
    Path file = write("# comment\n\n node = file \nverbosity=3\nstate = here\nstamp = none\n");
    NodeConfig config = read(Map.of("config", file.toString(), "verbosity", "7", "log", "l/x"));
    assertThat(config.node()).isEqualTo("file");
    assertThat(config.verbosity()).isEqualTo(7);
    assertThat(config.stamp()).isEqualTo(Stamp.NONE);
    assertThat(config.places().state()).isEqualTo(file.resolveSibling("here"));
    assertThat(config.log()).contains(directory.resolve("l/x"));
  }

  @Test
  void everyProblemIsToldAtOnceWithItsPlace() throws IOException {
    Path file =
        write(
            """
            node = a b
            # fine
              lissten = 1
            listen = 127.0.0.1
            listen = 127.0.0.1:2
            just words
            clusters = c
            verbosity =
            no-guardian = yes
            stamp = Relative
            """);
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class,
            () -> read(Map.of("config", file.toString(), "verbosity", "1001")));
    List<String> starts = refused.problems().stream().map(p -> p.replaceAll(": .*", "")).toList();
    assertThat(starts)
        .containsExactlyInAnyOrder(
            file + ":3:3",
            file + ":5:1",
            file + ":6:1",
            file + ":7:1",
            file + ":8:12",
            file + ":1:8",
            file + ":4:10",
            file + ":9:15",
            file + ":10:9",
            "--verbosity");
    assertThat(refused.getMessage())
        .contains("there is no key 'lissten'", "set twice", "no key 'clusters'", "has no value");
  }

  @Test
  void aFileThatIsNotThereIsAProblem() {
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> read(Map.of("config", "none.conf")));
    assertThat(refused.problems()).hasSize(1).first().asString().contains("does not exist");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:0,127.0.0.1,0",
    "localhost:99,localhost,99",
    "[::1]:4226,::1,4226",
    "127.9.9.9:65535,127.9.9.9,65535"
  })
  void listensOnLoopback(String text, String host, int port) throws ConfigException {
    assertThat(read(Map.of("listen", text)).listen()).contains(new Listen(host, port));
    assertThat(read(Map.of("listen", "none")).listen()).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "listen,10.0.0.1:4226",
    "listen,example.org:1",
    "listen,127.0.0.1",
    "listen,127.0.0.1:65536",
    "listen,:1",
    "node,a/b",
    "node,..",
    "node,.",
    "no-guardian,1",
    "stamp,abs",
    "verbosity,-1",
    "verbosity,x"
  })
  void refusesABadValue(String key, String value) {
    ConfigException refused =
        catchThrowableOfType(ConfigException.class, () -> read(Map.of(key, value)));
    assertThat(refused.problems()).hasSize(1).first().asString().startsWith("--" + key + ": ");
  }

  @Test
  void refusesASocketThatTheKernelCannotTake() {
    ConfigException refused =
        catchThrowableOfType(
            ConfigException.class, () -> read(Map.of("socket", "/tmp/" + "s".repeat(100))));
    assertThat(refused.problems()).hasSize(1);
  }

  @Test
  void theExampleIsAFileThatWeRead() throws ConfigException {
    Path example = Path.of("../deploy/etc/hamlet.conf");
    NodeConfig config = read(Map.of("config", example.toAbsolutePath().toString()));
    assertThat(config.node()).isEqualTo("alpha");
    assertThat(config.places().state()).isEqualTo(Path.of("/var/lib/hamlet/alpha"));
  }

  @Test
  void theExampleShowsEveryKeyWithItsDefault() throws IOException {
    String text = Files.readString(Path.of("../deploy/etc/hamlet.conf"));
    for (Key key : Key.values()) {
      assertThat(text).containsPattern("(?m)^(# )?" + key.word() + " = ");
      if (!key.otherwise().isEmpty()) {
        assertThat(text).contains("# " + key.word() + " = " + key.otherwise() + "\n");
      }
    }
  }

  private NodeConfig read(Map<String, String> options) throws ConfigException {
    Map<String, String> environment = new HashMap<>();
    environment.put("HOME", directory.toString());
    return NodeConfig.of(options, directory, environment);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.toRealPath().resolve("n.conf"), text);
  }
}

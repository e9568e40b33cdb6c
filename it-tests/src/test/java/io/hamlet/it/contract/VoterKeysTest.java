package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hamlet.it.TestAbreast;
import io.hamlet.it.live.HostKeys;
import io.hamlet.it.live.Ports;
import io.hamlet.it.live.Until;
import io.hamlet.it.sim.VoteHistory;
import io.hamlet.manager.consensus.RatisVoter;
import io.hamlet.manager.consensus.VoterConfig;
import io.hamlet.manager.port.Consensus.Voter;
import io.hamlet.manager.tls.KeyFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Voters with keys, and what they make of others. One test after the other: a fork for openssl may
 * hold the port of a voter that ends beside it, and Ratis ends the whole process when it cannot
 * bind.
 */
class VoterKeysTest {
  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  @TempDir static Path authorities;
  private static HostKeys ours;
  private static HostKeys strange;

  @TempDir Path directory;
  private final Map<String, Voter> voters = new TreeMap<>();
  private final Map<String, RatisVoter> running = new TreeMap<>();
  private final Map<String, VoteHistory> histories = new HashMap<>();

  @BeforeAll
  static void makeKeys() throws Exception {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(d -> Files.isExecutable(Path.of(d, "openssl"))),
        "needs the program openssl");
    ours = HostKeys.make(authorities.resolve("ours"));
    strange = HostKeys.make(authorities.resolve("strange"));
  }

  @BeforeEach
  void choosePorts() {
    for (String name : NAMES) {
      voters.put(name, new Voter(name, "127.0.0.1:" + Ports.freeRange()));
    }
  }

  @AfterEach
  void end() {
    running.values().parallelStream().forEach(RatisVoter::close);
    assertThat(histories.values()).allSatisfy(h -> assertThat(h.faults()).isEmpty());
  }

  @TestAbreast
  void votersWithKeysOfOneAuthorityCommit() throws Exception {
    for (String name : NAMES) {
      start(name, keys(ours));
    }
    commit("x", NAMES);
  }

  @TestAbreast
  void aVoterWithKeysOfAnotherAuthorityTakesNoPart() throws Exception {
    assertTakesNoPart(keys(strange));
  }

  @TestAbreast
  void whoMayOnlyLookTakesNoPart() throws Exception {
    ours.optionsOf("view");
    Path at = ours.authority();
    assertTakesNoPart(
        KeyFiles.read(at.resolveSibling("view.pem"), at.resolveSibling("view.key"), at));
  }

  @TestAbreast
  void aVoterInClearTextTakesNoPart() throws Exception {
    assertTakesNoPart(null);
  }

  @TestAbreast
  void newKeysAreUsedWhenTheFilesChange() throws Exception {
    Map<String, List<Path>> files = new TreeMap<>();
    for (String name : NAMES) {
      List<Path> own =
          Stream.of("pem", "key", "ca").map(e -> authorities.resolve(name + "." + e)).toList();
      replace(ours, own);
      files.put(name, own);
      start(name, KeyFiles.read(own.get(0), own.get(1), own.get(2)));
    }
    commit("before", NAMES);
    for (String name : NAMES) {
      replace(strange, files.get(name));
    }
    // Whoever starts anew is believed only by who has read the new authority.
    running.remove("a").close();
    List<Path> own = files.get("a");
    start("a", KeyFiles.read(own.get(0), own.get(1), own.get(2)));
    commit("after", NAMES);
  }

  private static void replace(HostKeys from, List<Path> to) throws IOException {
    List<Path> all = List.of(from.certificate(), from.certificateKey(), from.authority());
    for (int i = 0; i < all.size(); i++) {
      Files.copy(all.get(i), to.get(i), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The others would lack a majority if it did not stand aside, and it would have what they do. */
  private void assertTakesNoPart(KeyFiles keys) throws Exception {
    start("c", keys);
    start("a", keys(ours));
    start("b", keys(ours));
    commit("first", List.of("a", "b"));
    // It has asked for votes all the time; with a new leader it would be asked for its own.
    String leader = leader();
    running.remove(leader).close();
    start(leader, keys(ours));
    commit("second", List.of("a", "b"));
    assertThat(histories.get("c").commands()).isEmpty();
    assertThat(running.get("c").leader()).isNull();
    running.remove("c").close();
    start("c", keys(ours));
    commit("third", NAMES);
    assertThat(histories.get("c").commands()).contains("first", "second", "third");
  }

  private void start(String name, KeyFiles keys) throws IOException {
    VoterConfig config =
        VoterConfig.of(
            directory.getFileName().toString(),
            name,
            voters.get(name).address(),
            List.copyOf(voters.values()),
            directory.resolve(name),
            keys);
    VoteHistory history = new VoteHistory();
    histories.put(name, history);
    running.put(name, RatisVoter.start(config, history));
  }

  private static KeyFiles keys(HostKeys of) throws IOException {
    return KeyFiles.read(of.certificate(), of.certificateKey(), of.authority());
  }

  /** Has it committed by whoever leads then, and waits until it is there. */
  private void commit(String command, List<String> at) throws Exception {
    Until.isTrue(
        command + " is committed",
        () -> {
          CompletableFuture<Long> answer =
              running.get(leader()).propose(command.getBytes(StandardCharsets.UTF_8), PATIENCE);
          return answer.handle((index, error) -> error == null).join();
        });
    for (String name : at) {
      Until.isTrue(
          command + " is at " + name, () -> histories.get(name).commands().contains(command));
    }
  }

  private String leader() {
    return Until.given(
        "a leader",
        () ->
            running.keySet().stream()
                .filter(n -> histories.get(n).isLeading())
                .findFirst()
                .orElse(null));
  }
}

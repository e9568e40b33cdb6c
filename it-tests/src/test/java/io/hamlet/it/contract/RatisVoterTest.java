package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.it.TestAbreast;
import io.hamlet.it.live.Ports;
import io.hamlet.it.live.Until;
import io.hamlet.it.sim.VoteHistory;
import io.hamlet.manager.consensus.RatisVoter;
import io.hamlet.manager.consensus.VoterConfig;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Consensus.Voter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Real voters in one JVM; what needs processes of their own is in VoteFaultsIT. */
class RatisVoterTest extends ConsensusContract {
  private static final String LAST = "last";
  private static final int MOST = 5_000;

  @TempDir Path directory;

  private int snapshotEvery = 20;
  private final Map<String, Voter> founders = new TreeMap<>();
  private final Map<String, RatisVoter> running = new TreeMap<>();
  private final Map<String, VoteHistory> histories = new TreeMap<>();

  @BeforeEach
  void start() throws Exception {
    for (String name : NAMES) {
      founders.put(name, new Voter(name, "127.0.0.1:" + Ports.freeRange()));
    }
    for (String name : NAMES) {
      restart(name);
    }
  }

  @AfterEach
  void end() {
    running.values().parallelStream().forEach(RatisVoter::close);
    assertThat(histories.values()).allSatisfy(h -> assertThat(h.faults()).isEmpty());
  }

  @TestAbreast
  void aSoleVoterLeadsAtOnceAndAgainAfterARestart() throws Exception {
    Voter self = new Voter("solo", "127.0.0.1:" + Ports.freeRange());
    VoterConfig config =
        VoterConfig.of("alone", "solo", self.address(), List.of(self), directory.resolve("solo"));
    for (int run = 0; run < 2; run++) {
      VoteHistory history = new VoteHistory();
      try (RatisVoter solo = RatisVoter.start(config, history)) {
        until("it leads", history::isLeading);
        long index = solo.propose(bytes("c" + run), PATIENCE).join();
        assertThat(history.at(index)).isEqualTo("c" + run);
        assertThat(history.commands()).hasSize(run + 1);
        assertThat(solo.leader()).isEqualTo("solo");
      }
    }
  }

  /** Else a log of large commands would fill the disk long before it has as many as that. */
  @TestAbreast
  void largeCommandsAreInASnapshotSoon() throws Exception {
    Voter self = new Voter("large", "127.0.0.1:" + Ports.freeRange());
    VoterConfig config =
        VoterConfig.of("big", "large", self.address(), List.of(self), directory.resolve("large"))
            .snapshotBytes(200_000);
    VoteHistory history = new VoteHistory();
    List<String> told;
    try (RatisVoter large = RatisVoter.start(config, history)) {
      until("it leads", history::isLeading);
      for (int i = 0; i < 30; i++) {
        large.propose(bytes(i + "x".repeat(10_000)), PATIENCE).join();
      }
      until("it has a snapshot", () -> newestSnapshot("large") != null);
      told = history.commands();
    }
    VoteHistory again = new VoteHistory();
    try (RatisVoter large = RatisVoter.start(config, again)) {
      until("it leads again", again::isLeading);
      assertThat(large.leader()).isEqualTo("large");
      assertThat(again.restored()).isPositive();
      assertThat(again.commands()).isEqualTo(told);
    }
  }

  @TestAbreast
  void aVoterIsRemovedAndAnotherLifeOfItsNodeAdded() throws Exception {
    String leader = leader(NAMES);
    long index = acknowledged(leader, "kept");
    String lost = others(leader).getFirst();
    stop(lost);
    List<Voter> left = new ArrayList<>(founders.values());
    left.remove(founders.get(lost));
    until("removed", () -> changed(leader, left));
    assertThat(voter(leader).voters()).doesNotContain(lost);

    VoterConfig config = config(lost, List.of(), directory.resolve("new")).snapshotEvery(20);
    VoteHistory history = new VoteHistory();
    histories.put(lost, history);
    running.put(lost, RatisVoter.start(config, history));
    assertThat(history.commands()).isEmpty();
    List<Voter> all = new ArrayList<>(left);
    all.add(running.get(lost).self());
    until("added", () -> changed(leader, all));

    everywhere(NAMES, "kept", index);
    everywhere(NAMES, "later", acknowledged(leader(NAMES), "later"));
    stop(lost);
    histories.put(lost, new VoteHistory());
    running.put(lost, RatisVoter.start(config, histories.get(lost)));
    everywhere(NAMES, "kept", index);
    assertThatThrownBy(() -> voter(leader).change(List.of(), PATIENCE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Who would wait for its silence would wait an hour. */
  @TestAbreast
  void whoFollowsADeadLeaderNeedNotWaitForItsSilence() throws Exception {
    String leader = leader(NAMES);
    List<String> left = others(leader);
    for (String name : left) {
      stop(name);
      begin(name, usual(name).times(Duration.ofHours(1), Duration.ofSeconds(1)));
      everywhere(NAMES, "with " + name, acknowledged(leader, "with " + name));
    }
    running.get(left.getFirst()).mourn(left.getLast());
    stop(leader);
    left.forEach(name -> running.get(name).mourn(leader));
    until("the first leads", () -> histories.get(left.getFirst()).isLeading());
    everywhere(left, "after", acknowledged(left.getFirst(), "after"));
  }

  /** By what connects them in the kernel. */
  @TestAbreast
  void whoIsMetAgainIsDialledAnew() throws Exception {
    String leader = leader(NAMES);
    String other = others(leader).getFirst();
    int port = Integer.parseInt(founders.get(other).address().split(":")[1]);
    until("they are connected", () -> !Sockets.to(port, Sockets.ESTABLISHED).isEmpty());
    Set<Integer> before = Sockets.to(port, Sockets.ESTABLISHED);
    running.get(leader).met(other);
    until(
        "one is closed, and another there",
        () -> {
          Set<Integer> now = Sockets.to(port, Sockets.ESTABLISHED);
          return !now.containsAll(before) && !before.containsAll(now);
        });
    everywhere(NAMES, "after", acknowledged(leader(NAMES), "after"));
  }

  /** Ratis would end the JVM, and with it the manager of the node's own entities. */
  @TestAbreast
  void aPortThatIsTakenIsSaidAndMayBeTriedAgain() throws Exception {
    stop("a");
    int port = Integer.parseInt(founders.get("a").address().split(":")[1]);
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> restart("a"))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("cannot start", "Address already in use");
    }
    restart("a");
    everywhere(NAMES, "later", acknowledged(leader(NAMES), "later"));
  }

  @TestAbreast
  void aThreadThatEndsByAnExceptionDoesNotEndTheManager() {
    assertThat(Thread.getDefaultUncaughtExceptionHandler()).isNull();
  }

  @TestAbreast
  void aStorageOfAnotherNodeOrClusterIsRefused() throws Exception {
    stop("a");
    VoterConfig other =
        VoterConfig.of(
            cluster(),
            "b",
            founders.get("a").address(),
            List.of(new Voter("b", founders.get("a").address())),
            directory.resolve("a"));
    assertThatThrownBy(() -> RatisVoter.start(other, new VoteHistory()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another node");
    assertThatThrownBy(() -> RatisVoter.start(other.apart("x"), new VoteHistory()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another cluster");
  }

  /** Its log would be read with other places, so with other tokens than were given. */
  @TestAbreast
  void aStorageOfAnOlderVersionIsRefused() throws Exception {
    stop("a");
    Path file = directory.resolve("a").resolve("voter");
    String now = Files.readString(file);
    Files.writeString(file, now.replace("hamlet voter 2", "hamlet voter 1"));
    assertThatThrownBy(() -> restart("a"))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(file.toString(), "was written by an older Hamlet");
    Files.writeString(file, now);
    restart("a");
    everywhere(NAMES, "later", acknowledged(leader(NAMES), "later"));
  }

  /**
   * It was away for so long that the others have dropped what it lacks. Ratis drops whole segments
   * that lie before a snapshot; how many commands that takes depends on where a segment ended.
   */
  @TestAbreast
  void whoLagsIsSentASnapshot() throws Exception {
    for (String name : NAMES) {
      stop(name);
    }
    snapshotEvery = 500;
    restart("a");
    restart("b");
    String leader = leader(List.of("a", "b"));
    String away = "c";
    for (int i = 1; i <= MOST && firstOfLog(leader) <= 1; i++) {
      CompletableFuture<Long> answer =
          voter(leader).propose(bytes(i + "x".repeat(3_000)), PATIENCE);
      if (i % 100 == 0) {
        until("so many are answered", answer::isDone);
        // On a busy machine it may be another by now, who takes no more of them.
        leader = leader(List.of("a", "b"));
      }
    }
    assertThat(firstOfLog(leader)).as("where the log of %s begins", leader).isGreaterThan(1);
    long last = acknowledged(leader, LAST);

    restart(away);
    everywhere(List.of(away), LAST, last);
    assertThat(history(away).restored()).isPositive();
    assertThat(history(away).commands()).isEqualTo(history(leader).commands());
    everywhere(NAMES, "later", acknowledged(leader(NAMES), "later"));
    stop(away);
    restart(away);
    everywhere(List.of(away), LAST, last);
    assertThat(history(away).commands()).isEqualTo(history(leader).commands());
  }

  /** Who goes on with less than it has acknowledged breaks the promise. */
  @TestAbreast
  void aDamagedSnapshotIsRefusedWithARemedy() throws Exception {
    String leader = leader(NAMES);
    String harmed = others(leader).getFirst();
    for (int i = 0; i < 30; i++) {
      acknowledged(leader, "s" + i);
    }
    long last = acknowledged(leader, LAST);
    everywhere(NAMES, LAST, last);
    until("it has a snapshot", () -> newestSnapshot(harmed) != null);
    stop(harmed);
    Path snapshot = newestSnapshot(harmed);
    byte[] whole = Files.readAllBytes(snapshot);
    byte[] bytes = whole.clone();
    bytes[bytes.length / 2] ^= 0x10;
    Files.write(snapshot, bytes);
    assertRefused(harmed, snapshot);
    Files.write(snapshot, Arrays.copyOf(whole, whole.length / 2));
    assertRefused(harmed, snapshot);
    Files.write(snapshot, new byte[0]);
    assertRefused(harmed, snapshot);

    Files.write(snapshot, whole);
    restart(harmed);
    everywhere(NAMES, LAST, last);
    assertThat(history(harmed).commands()).isEqualTo(history(leader).commands());
  }

  private void assertRefused(String name, Path snapshot) {
    assertThatThrownBy(() -> restart(name))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(snapshot.getFileName().toString())
        .hasMessageContaining("is damaged")
        .hasMessageContaining("remove " + name + " from the voters");
    assertThat(history(name).commands()).isEmpty();
  }

  private long firstOfLog(String name) throws IOException {
    return files(name, "log_")
        .map(p -> p.getFileName().toString().replaceAll("log_(inprogress_)?(\\d+).*", "$2"))
        .mapToLong(Long::parseLong)
        .min()
        .orElseThrow();
  }

  private Path newestSnapshot(String name) throws IOException {
    return files(name, "snapshot.")
        .filter(p -> !p.toString().endsWith(".md5"))
        .max(Comparator.comparing(p -> Long.parseLong(p.toString().replaceAll(".*_", ""))))
        .orElse(null);
  }

  private Stream<Path> files(String name, String prefix) throws IOException {
    try (Stream<Path> all = Files.walk(directory.resolve(name))) {
      return all.filter(p -> p.getFileName().toString().startsWith(prefix)).toList().stream();
    } catch (UncheckedIOException e) {
      // One went while they were looked at: that of a snapshot that is complete now.
      return files(name, prefix);
    }
  }

  private boolean changed(String leader, List<Voter> to) throws Exception {
    CompletableFuture<Long> answer = voter(leader).change(to, PATIENCE);
    until("an answer", answer::isDone);
    return answer.join() > 0;
  }

  @Override
  protected Consensus voter(String name) {
    return running.get(name);
  }

  @Override
  protected VoteHistory history(String name) {
    return histories.get(name);
  }

  @Override
  protected void stop(String name) {
    running.remove(name).close();
    histories.put(name, new VoteHistory());
  }

  @Override
  protected void restart(String name) throws Exception {
    begin(name, usual(name));
  }

  private void begin(String name, VoterConfig config) throws IOException {
    histories.put(name, new VoteHistory());
    running.put(name, RatisVoter.start(config, histories.get(name)));
  }

  private VoterConfig usual(String name) {
    return config(name, List.copyOf(founders.values()), directory.resolve(name));
  }

  /** Another for each test, by which Ratis keeps what it measures. */
  private String cluster() {
    return directory.getFileName().toString();
  }

  private VoterConfig config(String name, List<Voter> founding, Path where) {
    // On a busy machine a leader that is slow only is to stay one: it is asked by name here.
    return VoterConfig.of(cluster(), name, founders.get(name).address(), founding, where)
        .times(Duration.ofSeconds(2), Duration.ofSeconds(5))
        .snapshotEvery(snapshotEvery);
  }

  @Override
  protected void until(String awaited, Callable<Boolean> fact) {
    Until.isTrue(awaited, fact);
  }
}

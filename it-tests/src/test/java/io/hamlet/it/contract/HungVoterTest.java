package io.hamlet.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.live.Ports;
import io.hamlet.it.live.Until;
import io.hamlet.it.sim.VoteHistory;
import io.hamlet.manager.consensus.RatisVoter;
import io.hamlet.manager.consensus.VoterConfig;
import io.hamlet.manager.port.Consensus.Voter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The inside of a voter stands still, which it tells nobody: by what Ratis has for its own tests,
 * so one test at a time. Who began again is as well as any (DECISIONS.md, "A voter that hangs is
 * not kept").
 */
class HungVoterTest {
  private static final String APPEND = "RaftServerImpl.appendEntries";
  private static final String APPENDED = APPEND + ".logComplete";
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  @TempDir Path directory;

  private final Map<String, Voter> founders = new TreeMap<>();
  private final Map<String, RatisVoter> running = new TreeMap<>();
  private final Set<String> ill = new ConcurrentSkipListSet<>();
  private final CountDownLatch over = new CountDownLatch(1);

  @BeforeEach
  void start() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      founders.put(name, new Voter("hung-" + name, "127.0.0.1:" + Ports.freeRange()));
    }
    for (String name : founders.keySet()) {
      restart(name);
    }
  }

  @AfterEach
  void end() {
    over.countDown();
    CodeInjectionForTesting.remove(APPEND);
    CodeInjectionForTesting.remove(APPENDED);
    running.values().parallelStream().forEach(RatisVoter::close);
  }

  @Test
  void aLeaderWithoutTheThreadThatCommitsHangs() throws Exception {
    commits();
    String leader = withoutThread("LeaderStateImpl", founders.keySet());
    String why = running.get(leader).failure();
    assertThat(why).isEqualTo("it hangs: its thread LeaderStateImpl has ended");
    running.remove(leader).close();
    commits();
    restart(leader);
    running.remove(others(leader).getFirst()).close();
    commits();
  }

  /** Found in review: as after a full disk, which was mended since. */
  @Test
  void aCandidateWithoutAnElectionHangs() throws Exception {
    String last = leader();
    for (String other : others(last)) {
      running.remove(other).close();
    }
    withoutThread("LeaderElection\\d+", Set.of(last));
    String why = running.get(last).failure();
    assertThat(why).isEqualTo("it hangs: its thread LeaderElection has ended");
    running.remove(last).close();
    restart(last);
    restart(others(last).getFirst());
    commits();
  }

  /**
   * Interrupts it, at whoever has it, until one of these hangs, which it returns: Ratis may forget
   * an interrupt that comes while it works, and on a busy machine another may lead soon.
   */
  private String withoutThread(String name, Set<String> voters) {
    return Until.given(
        "it hangs",
        () -> {
          voters.stream().flatMap(v -> threadsOf(v, name)).forEach(Thread::interrupt);
          return voters.stream().filter(this::hangs).findAny().orElse(null);
        });
  }

  private static Stream<Thread> threadsOf(String voter, String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().matches("hung-" + voter + "@.*-" + name));
  }

  @Test
  void aFollowerThatLeavesEntriesUnansweredHangs() throws Exception {
    String leader = leader();
    commits();
    String follower = others(leader).getFirst();
    ill.add(follower);
    CodeInjectionForTesting.put(APPEND, (own, other, words) -> holdUp(own, words[1]));
    running.remove(others(leader).getLast()).close();
    Until.isTrue(
        "it hangs",
        () -> {
          running.values().forEach(v -> v.propose(bytes("x"), PATIENCE));
          return hangs(follower);
        });
    assertThat(running.get(follower).failure()).isEqualTo("it hangs: entries of the leader");
    ill.clear();
    over.countDown();
    running.remove(follower).close();
    restart(follower);
    commits();
  }

  @Test
  void whoDoesNotMindThatNobodyLeadsHangs() throws Exception {
    String leader = leader();
    commits();
    List<String> followers = others(leader);
    ill.addAll(followers);
    Set<String> broken = new TreeSet<>();
    CodeInjectionForTesting.put(APPENDED, (own, other, words) -> breakOff(own, broken));
    Until.isTrue("both have broken off", () -> broken.size() == 2);
    CodeInjectionForTesting.remove(APPENDED);
    running.remove(leader).close();
    Until.isTrue("both hang", () -> followers.stream().allMatch(this::hangs));
    for (String follower : followers) {
      assertThat(running.get(follower).failure()).isEqualTo("it hangs: an election");
      running.remove(follower).close();
      restart(follower);
    }
    commits();
  }

  private boolean holdUp(Object own, Object append) {
    boolean hasEntries = ((AppendEntriesRequestProto) append).getEntriesCount() > 0;
    if (hasEntries && ill.contains(name(own))) {
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return true;
  }

  private boolean breakOff(Object own, Set<String> broken) {
    synchronized (broken) {
      if (ill.contains(name(own)) && broken.add(name(own))) {
        throw new IllegalStateException("it breaks off, for a test");
      }
    }
    return true;
  }

  /** Of a voter of this test; of others that run beside it, another. */
  private static String name(Object peer) {
    return peer.toString().replaceFirst("^hung-", "");
  }

  private boolean hangs(String name) {
    return running.get(name).hung().isDone();
  }

  private void commits() {
    Until.isTrue(
        "a command is committed",
        () ->
            running.keySet().stream()
                .anyMatch(v -> proposed(v).handle((i, e) -> e == null).join()));
  }

  private CompletableFuture<Long> proposed(String name) {
    return running.get(name).propose(bytes("command"), PATIENCE);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String leader() {
    commits();
    String[] found = {null};
    Until.isTrue(
        "one leads",
        () -> {
          String node = running.get("a").leader();
          found[0] = node == null ? null : name(node);
          return node != null;
        });
    return found[0];
  }

  private List<String> others(String name) {
    List<String> others = new ArrayList<>(founders.keySet());
    others.remove(name);
    return others;
  }

  private void restart(String name) throws IOException {
    VoterConfig config =
        VoterConfig.of(
                directory.getFileName().toString(),
                founders.get(name).node(),
                founders.get(name).address(),
                List.copyOf(founders.values()),
                directory.resolve(name))
            .times(Duration.ofMillis(150), Duration.ofMillis(500));
    running.put(name, RatisVoter.start(config, new VoteHistory()));
  }
}

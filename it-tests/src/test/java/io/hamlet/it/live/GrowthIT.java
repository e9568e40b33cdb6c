package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.leash.LeashRecord;
import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.ClusterPolicy.QuorumLoss;
import io.hamlet.client.Proof;
import io.hamlet.it.live.SoleProgram.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster of one voter that grows to three while it runs something: on the voter itself, which
 * has no lease as long as it is alone, and on a node that does not vote at first.
 */
class GrowthIT {
  /** What runs beside the only voter goes on while that is succeeded, on a busy machine too. */
  private static final String LEASE = "20s";

  @TempDir Path directory;
  private LiveCluster cluster;
  private LiveNode b;
  private LiveNode c;
  private SoleProgram web;

  @RegisterExtension
  final Evidence evidence = Evidence.ofNodes(() -> Stream.concat(Stream.of(b, c), alone()));

  @BeforeEach
  void share() throws Exception {
    Needs.root();
    web = SoleProgram.in(directory);
  }

  private Start start(String lease) throws Exception {
    cluster = LiveCluster.start(directory, 1, "--lease", lease);
    cluster.node("a").ham().cluster().attach("web", web.command(""), prefers("a", "b", "c"));
    Start first = Until.given("web runs", () -> web.running());
    assertThat(first.node()).isEqualTo("a");
    return first;
  }

  @AfterEach
  void stop() {
    for (LiveNode node : new LiveNode[] {b, c}) {
      if (node != null) {
        node.closeWithoutGoodbye();
      }
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private LiveNode follower(String name) {
    List<String> words = new ArrayList<>(cluster.options(name));
    words.addAll(List.of("--voters", "a", "--lease", LEASE));
    LiveNode node = LiveNode.start(directory.resolve(name), name, words.toArray(String[]::new));
    Until.isTrue(name + " is a member", () -> LiveCluster.hasJoined(node));
    return node;
  }

  private Stream<LiveNode> alone() {
    return cluster == null ? Stream.empty() : cluster.nodes().stream();
  }

  private static ClusterPolicy prefers(String... nodes) {
    return new ClusterPolicy(List.of(nodes), QuorumLoss.STOP, false);
  }

  @Test
  void whatRunsIsNotTouchedAndMovesWhenTheFirstVoterIsLost() throws Exception {
    final Start first = start(LEASE);
    b = follower("b");
    c = follower("c");
    Claimant side = new Claimant(directory.resolve("side"));
    cluster.node("a").ham().cluster().attach("side", side.command(), prefers("b"));
    Start lonely = side.on("b");

    assertASuccessorTouchesNothing(cluster.node("a"), first);
    VotersIT.setVoter(cluster, "b", true);
    Until.isTrue("b votes", () -> cluster.seen("a", "b").voter());
    assertASuccessorTouchesNothing(cluster.node("a"), first);
    VotersIT.setVoter(cluster, "c", true);
    Until.isTrue("c votes", () -> cluster.seen("a", "c").voter());
    assertThat(web.starts()).containsExactly(first);
    assertThat(web.running()).isEqualTo(first);
    assertThat(side.claims()).containsOnly(lonely);
    for (LiveNode voter : List.of(b, c)) {
      Until.isTrue(voter.name() + " counts", () -> !isCatchingUp(voter));
    }

    cluster.node("a").killEverything();
    // For some milliseconds it outlives the managers: the leash is at it.
    Start second =
        Until.given(
            "web runs elsewhere",
            () -> {
              Start now = web.running();
              return first.equals(now) ? null : now;
            });
    assertThat(second.node()).isEqualTo("b");
    assertThat(Handover.why(b, "web")).isEqualTo(Handover.proved("a", Proof.OBITUARY));
    assertThat(second.token()).isGreaterThan(first.token());
    assertThat(side.claims()).containsOnly(lonely);
    web.assertOneOwner();
  }

  private static boolean isCatchingUp(LiveNode voter) throws InterruptedException {
    return voter.ham().status().notices().stream()
        .anyMatch(n -> n.contains(LiveCluster.CATCHING_UP));
  }

  /** Nobody else could run it, so nothing ends it but the end of both managers. */
  @Test
  void theOnlyVoterHasNoDeadline() throws Exception {
    Duration lease = Duration.ofMillis(1500);
    Start first = start(lease.toMillis() + "ms");
    LiveNode a = cluster.node("a");
    assertASuccessorTouchesNothing(a, first);
    List<Long> pair = List.of(a.hamPid(), a.awaitGuard());
    Proc.signal("STOP", pair);
    long since = System.nanoTime();
    Until.isTrue(
        "three leases go by", () -> System.nanoTime() - since > lease.multipliedBy(3).toNanos());
    Proc.signal("CONT", pair);
    a.awaitAnswer();
    assertThat(web.running()).isEqualTo(first);
    assertThat(web.starts()).containsExactly(first);
    assertThat(pair).allMatch(Proc::isAlive);
  }

  /** Its leader is the only one there is, so for a while there is none. */
  private void assertASuccessorTouchesNothing(LiveNode voter, Start start) throws Exception {
    long guardian = voter.awaitGuard();
    // Before it does, a HAM that dies is taken for both: what runs is ended, and starts again.
    Until.isTrue("its Guardian holds the leash", () -> holdsLeash(voter, guardian));
    voter.kill(List.of(voter.hamPid()));
    Until.isTrue("its Guardian acts", () -> voter.hamPid() == guardian);
    Until.isTrue("and leads", () -> voter.ham().status().cluster().leader().equals("a"));
    assertThat(web.running()).isEqualTo(start);
    assertThat(web.starts()).containsExactly(start);
  }

  private static boolean holdsLeash(LiveNode node, long manager) throws IOException {
    LeashRecord leash = LeashRecord.read(node.memory().resolve("leash"));
    if (leash == null) {
      return false;
    }
    Path pipe = Files.readSymbolicLink(Path.of("/proc/" + leash.process().pid() + "/fd/0"));
    try (Stream<Path> open = Files.list(Path.of("/proc/" + manager + "/fd"))) {
      for (Path each : open.toList()) {
        if (Files.isSymbolicLink(each) && Files.readSymbolicLink(each).equals(pipe)) {
          return true;
        }
      }
    }
    return false;
  }
}

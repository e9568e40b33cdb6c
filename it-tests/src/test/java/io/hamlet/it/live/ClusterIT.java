package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Ack;
import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.Pulse;
import io.hamlet.client.PulseChannel;
import io.hamlet.client.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes that all tests share: each leaves them as it found them. */
class ClusterIT {
  @TempDir static Path directory;
  private static LiveCluster cluster;

  @RegisterExtension static final Evidence evidence = Evidence.ofAll(() -> cluster);

  @BeforeAll
  static void start() {
    // A paused JVM of a node whose other one is dead is no loss.
    cluster = LiveCluster.start(directory, 3, "--lease", "6s");
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Nothing is left of what an earlier test did. */
  @BeforeEach
  void awaitPeace() {
    cluster.awaitAll("up");
    cluster.awaitWhole();
    for (LiveNode node : cluster.nodes()) {
      Until.isTrue(
          node.name() + " has no trouble with bus or replicas",
          () ->
              node.ham().status().notices().stream()
                  .noneMatch(n -> n.contains("bus") || n.contains("replica")));
    }
  }

  @Test
  void threeNodesSeeEachOther() throws Exception {
    Status status = cluster.node("a").ham().status();
    assertThat(status.cluster().name()).isEqualTo(cluster.name());
    assertThat(status.cluster().quorate()).isTrue();
    assertThat(status.cluster().members())
        .extracting(Status.Member::node)
        .containsExactly("a", "b", "c");
    assertThat(status.cluster().members()).allMatch(Status.Member::voter);
    assertThat(status.addresses()).hasSize(2);
    assertThat(cluster.seen("a", "b").hamPid()).isEqualTo(cluster.node("b").hamPid());
    assertThat(cluster.seen("a", "b").guardianPid()).isEqualTo(cluster.node("b").awaitGuard());
    assertThat(status.notices()).noneMatch(n -> n.contains("bus"));
    assertThat(status.cluster().digest()).as("it was not asked for").isEmpty();
    assertThat(status.cluster().index()).isPositive();
    Agreement.await(cluster.nodes());
  }

  @Test
  void aTakeoverIsNoLoss() throws Exception {
    LiveNode b = cluster.node("b");
    long guardian = b.awaitGuard();
    b.kill(List.of(b.hamPid()));
    Until.isTrue("a sees the successor", () -> cluster.seen("a", "b").hamPid() == guardian);
    assertThat(cluster.seen("a", "b").state()).isEqualTo("up");
    cluster.awaitAll("up");
    assertThat(cluster.seen("a", "b").address()).isEqualTo(cluster.seen("c", "b").address());
    assertThat(cluster.node("a").ham().status().notices()).noneMatch(n -> n.contains("bus"));
  }

  @Test
  void aNodeThatDiedIsSeenLostAndThenBack() throws Exception {
    LiveNode b = cluster.node("b");
    b.killEverything();
    cluster.await("a", "b", "lost");
    cluster.await("c", "b", "lost");
    assertThat(cluster.node("a").ham().status().cluster().quorate()).isTrue();
    b.launch();
    cluster.awaitAll("up");
  }

  @Test
  void whatAnOlderVersionKnewOfItsClusterIsRefusedAndTold() throws Exception {
    List<String> options = new ArrayList<>(cluster.options("x"));
    options.set(1, "other");
    try (LiveNode old =
        LiveNode.prepare(directory.resolve("old"), "x", options.toArray(String[]::new))) {
      Path papers = Files.createDirectories(old.state()).resolve("cluster");
      Files.writeString(papers, "hamlet cluster 1\ncluster other\n");
      old.launch();
      Status alone = old.ham().status();
      assertThat(alone.cluster()).isNull();
      assertThat(alone.notices()).anyMatch(n -> n.contains("without its cluster"));
      assertThat(Files.readString(old.output())).contains("was written by an older Hamlet");
      assertThat(papers).hasContent("hamlet cluster 1\ncluster other\n");
    }
  }

  @Test
  void anotherClusterOnTheSamePortsIsRefusedAndTold() throws Exception {
    try (LiveNode stranger = stranger()) {
      Until.isTrue(
          "a tells of it",
          () ->
              cluster.node("a").ham().status().notices().stream()
                  .anyMatch(n -> n.contains("belongs to the cluster 'other'")));
      assertThat(cluster.seen("a", "x")).isNull();
      assertThat(stranger.ham().status().cluster().members())
          .extracting(Status.Member::node)
          .containsExactly("x");
    }
  }

  private LiveNode stranger() {
    List<String> options = new ArrayList<>(cluster.options("x"));
    options.set(1, "other");
    return LiveNode.start(directory.resolve("x"), "x", options.toArray(String[]::new));
  }

  @Test
  void aFrozenNodeHarmsNobodyAndComesBack() throws Exception {
    List<Long> frozen = cluster.node("b").managers();
    Proc.signal("STOP", frozen);
    try {
      cluster.await("a", "b", "lost");
      cluster.await("c", "b", "lost");
      cluster.await("a", "c", "up");
    } finally {
      Proc.signal("CONT", frozen);
    }
    cluster.awaitAll("up");
  }

  @Test
  void anyNodeIsReachedThroughAnyOther() throws Exception {
    Ham throughA = cluster.node("a").ham().connectNode("b");
    throughA.attach("far", Command.of("/bin/sleep", "1000"));
    assertThat(cluster.node("b").pid("far")).isPositive();
    assertThat(cluster.node("a").pid("far")).isZero();
    assertThat(cluster.node("b").ham().status().notices()).noneMatch(n -> n.contains("replica"));
  }

  @Test
  void whatIsAcknowledgedIsOnAnotherDisk() throws Exception {
    Ham a = cluster.node("a").ham().withTimeout(Duration.ofSeconds(30));
    Entity entity = a.entity("kept");
    assertThat(a.withAck(Ack.REPLICA).named("kept").raise(1, 2, 3).ack())
        .isGreaterThanOrEqualTo(Ack.REPLICA);
    assertThat(a.withAck(Ack.MAJORITY).named("kept").raise(1, 2, 4).ack()).isEqualTo(Ack.MAJORITY);
    assertThat(entity.raise(1, 2, 5).ack()).isGreaterThanOrEqualTo(Ack.REPLICA);
  }

  @Test
  void aDeathOnOneNodeIsAPulseOnAnother() throws Exception {
    try (PulseChannel channel = cluster.node("a").ham().connectNode("a").openChannel()) {
      Ham b = cluster.node("c").ham().connectNode("b");
      Entity mortal = b.attach("mortal", Command.of("/bin/sleep", "1000"));
      Condition died = mortal.condition("died", ConditionSpec.death());
      died.action("tell", Deed.pulse(channel, 7, 42));
      Proc.signal("KILL", mortal.pid());
      assertThat(channel.poll(Duration.ofSeconds(30))).isEqualTo(new Pulse(7, 42));
    }
  }
}

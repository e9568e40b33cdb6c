package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.Command;
import io.hamlet.client.Entity;
import io.hamlet.client.HamException;
import io.hamlet.client.OwnerToken;
import io.hamlet.client.OwnerWatch;
import io.hamlet.client.Ownership;
import io.hamlet.client.Proof;
import io.hamlet.it.live.SoleProgram.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real nodes, and a program that only one may run: it takes a lock that all of them share,
 * and writes down each of its starts with the token it was given.
 */
class OwnerIT {
  private static final Duration LEASE = Duration.ofSeconds(6);

  /** Has cgroup v2 read-only wherever it is, for what comes then and nobody else. */
  private static final String READ_ONLY =
      """
      sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \\([^ ]*\\) .* - cgroup2 .*/\\1/p' /proc/self/mountinfo |
      while read -r at; do mount -o remount,bind,ro "$at" || exit 1; done && exec "$@"
      """;

  @TempDir Path directory;
  private SoleProgram program;

  @BeforeEach
  void share() throws IOException {
    Needs.root();
    program = SoleProgram.in(directory);
  }

  @Test
  void aHamsDeathTouchesNothingAndAPairsDeathMovesIt() throws Exception {
    // On a busy machine a takeover may take longer than a lease of the default length has left.
    try (LiveCluster cluster =
        LiveCluster.start(directory, 3, "--lease", LEASE.toSeconds() + "s")) {
      attach(cluster, "");
      Start first = awaitStart(1, "a");
      LiveNode a = cluster.node("a");
      OwnerWatch watch = cluster.node("c").ham().cluster().watchOwner("web");
      awaitOwner(watch, first);
      long guardian = a.awaitGuard();
      a.kill(List.of(a.hamPid()));
      Until.isTrue("the Guardian acts", () -> a.hamPid() == guardian && a.guardianPid() != 0);
      assertThat(Proc.isAlive(first.pid())).as("a takeover touches nothing").isTrue();
      awaitOwner(watch, first);

      a.killEverything();
      Start second = awaitStart(2, "b");
      assertCame(cluster, second, Handover.proved("a", Proof.OBITUARY));
      awaitOwner(watch, second);
      watch.close();
      Until.isTrue("what was heard last lapses", () -> watch.now().left().isZero());
      assertThat(Proc.isAlive(first.pid())).isFalse();
      OwnerToken store = new OwnerToken(0);
      assertThat(store.admits(first.token())).isTrue();
      assertThat(store.admits(second.token())).isTrue();
      assertThat(store.admits(first.token())).as("who owned it before").isFalse();

      a.launch();
      cluster.await("b", "a", "up");
      cluster.node("c").ham().cluster().move("web", "a");
      assertCame(cluster, awaitStart(3, "a"), Handover.givenBack("b"));
      assertThat(Proc.isAlive(second.pid())).isFalse();

      a.ham().stop();
      a.awaitEnd();
      Start last = awaitStart(4, "b");
      assertCame(cluster, last, "a was stopped");
      assertThat(Proc.isAlive(last.pid())).isTrue();
      program.assertOneOwner();
    }
  }

  @Test
  void whileADeadManagerIsNotGoneNothingOfTheClusterIsStartedThere() throws Exception {
    // With a lease so long that the node loses nothing meanwhile.
    try (LiveCluster cluster = LiveCluster.start(directory, 3, "--lease", "10s")) {
      LiveTest.restarted(attach(cluster, ""));
      Start first = awaitStart(1, "a");
      LiveNode a = cluster.node("a");
      long guardian = a.awaitGuard();
      try (Freezer freezer = new Freezer()) {
        freezer.freeze(a.hamPid());
        Until.isTrue("the Guardian acts", () -> a.hamPid() == guardian);
        assertThat(Proc.isAlive(first.pid())).as("a takeover touches nothing").isTrue();

        Proc.signal("KILL", first.pid());

        Until.isTrue("it is told as denied", () -> denial(a) != null);
        assertThat(denial(a)).contains("STUCK");
        a.ham().attach("own", Command.of("/bin/sleep", "1000"));
        Until.isTrue("what is the node's own is started", () -> a.pid("own") != 0);
        assertThat(program.starts()).containsExactly(first);
      }
      awaitStart(2, "a");
      program.assertOneOwner();
    }
  }

  /** Why the last start on that node was denied; null: none was. */
  private static String denial(LiveNode node) throws InterruptedException {
    return node.ham().why("*web").events().stream()
        .filter(e -> e.event().equals("start-denied"))
        .map(e -> e.reason() + e.detail())
        .reduce(null, (before, last) -> last);
  }

  @Test
  void whatEndsOnOneNodeIsRunByAnother() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      attach(cluster, "a");
      awaitStart(1, "a");
      Start second = awaitStart(2, "b");
      assertCame(cluster, second, "out of restarts for it on a");
      cluster.node("c").ham().cluster().standby("b");
      assertCame(cluster, awaitStart(3, "c"), Handover.givenBack("b"));
      assertThat(Proc.isAlive(second.pid())).isFalse();
      program.assertOneOwner();
    }
  }

  /** Two that run it and one that only votes go on when one of the two is lost. */
  @Test
  void aWitnessVotesAndRunsNothing() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      attach(cluster, "", "c", "a", "b");
      awaitStart(1, "c");
      cluster.node("c").killEverything();
      assertCame(cluster, awaitStart(2, "a"), Handover.proved("c", Proof.OBITUARY));
      List<String> words = new ArrayList<>(cluster.options("c"));
      words.addAll(List.of("--voters", "a,b,c", "--capacity", "0"));
      try (LiveNode witness =
          LiveNode.start(directory.resolve("c"), "c", words.toArray(String[]::new))) {
        cluster.await("b", "c", "up");
        cluster.node("a").killEverything();
        Start third = awaitStart(3, "b");
        assertCame(cluster, third, Handover.proved("a", Proof.OBITUARY));
        Until.isTrue("they are quorate", () -> witness.ham().status().cluster().quorate());
        assertThat(Proc.isAlive(third.pid())).isTrue();
      }
      program.assertOneOwner();
    }
  }

  @Test
  void whoStartsNothingAnyMoreIsGivenNothing() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      LiveNode b = cluster.node("b");
      for (int loss = 0; loss < 3; loss++) {
        b.kill(b.pair());
        b.awaitAnswer();
      }
      Until.isTrue(
          "its effects are held",
          () -> b.ham().status().notices().stream().anyMatch(n -> n.contains("effects are held")));
      cluster.await("c", "b", "up");
      attach(cluster, "", "b", "a");
      awaitStart(1, "a");
    }
  }

  /** Nothing would end there what outlives its managers. */
  @Test
  void aNodeWithoutWritableCgroupsIsAWitnessAndSaysSo() throws Exception {
    Needs.program("unshare");
    List<String> before = List.of("unshare", "-m", "sh", "-c", READ_ONLY, "sh");
    try (LiveCluster cluster =
        LiveCluster.start(directory, 3, node -> node.equals("a") ? before : List.of())) {
      attach(cluster, "", "a", "b");
      final Start first = awaitStart(1, "b");
      LiveNode a = cluster.node("a");
      assertThat(a.ham().status().notices())
          .anyMatch(n -> n.contains("cgroup v2") && n.contains("not run here"));
      assertThatThrownBy(() -> a.ham().cluster().move("web", "a"))
          .isInstanceOf(HamException.Refused.class)
          .hasMessageContaining("taking none");
      // What is its own it runs.
      a.ham().attach("own", Command.of("/bin/sleep", "1000"));
      Until.isTrue("what is the node's own is started", () -> a.pid("own") != 0);
      assertThat(program.running()).isEqualTo(first);
      program.assertOneOwner();
    }
  }

  /** Nobody is left to hear its goodbye, and the leash of what it ran must not take it for lost. */
  @Test
  void whoIsStoppedWithoutAMajorityEndsForGood() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      attach(cluster, "");
      Start first = awaitStart(1, "a");
      cluster.node("b").killEverything();
      cluster.node("c").killEverything();
      LiveNode a = cluster.node("a");
      a.ham().stop();
      assertThat(a.awaitEnd()).isZero();
      assertThat(Proc.isAlive(first.pid())).isFalse();
      assertThat(Files.readString(a.output())).doesNotContain("starting them again");
    }
  }

  /**
   * @param ill where the program ends at once
   */
  private Entity attach(LiveCluster cluster, String ill) throws InterruptedException {
    return attach(cluster, ill, "a", "b", "c");
  }

  private Entity attach(LiveCluster cluster, String ill, String... prefer)
      throws InterruptedException {
    ClusterPolicy policy = new ClusterPolicy(List.of(prefer), ClusterPolicy.QuorumLoss.STOP, false);
    return cluster.node("c").ham().cluster().attach("web", program.command(ill), policy);
  }

  private Start awaitStart(int number, String node) {
    return Operator.awaitStart(program, number, node);
  }

  private static void assertCame(LiveCluster cluster, Start start, String why) {
    assertThat(Handover.why(cluster.node(start.node()), "web")).isEqualTo(why);
  }

  /** Its node says so itself, and for how long; never longer than a lease. */
  private static void awaitOwner(OwnerWatch watch, Start start) {
    Until.isTrue(
        start.node() + " owns it for a while",
        () -> {
          Ownership now = watch.now();
          Duration left = now.left();
          assertThat(left).isLessThanOrEqualTo(LEASE);
          return now.node().equals(start.node())
              && now.token() == start.token()
              && left.isPositive();
        });
  }
}

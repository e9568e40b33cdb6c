package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.Command;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.ConditionType;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Proof;
import io.hamlet.client.Status;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real nodes, of which some are lost, stopped or frozen, and come back. */
class NodeLostIT {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void whatWasToBeDoneForALossIsDoneOnceAndTheNodeComesBack() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      Path notes = mourners(cluster, "b");
      LiveNode b = cluster.node("b");
      long pid = b.pid("steady");
      b.killEverything();
      awaitNotes(notes, ".global node-lost", "steady node-lost");
      cluster.await("a", "b", "lost");
      cluster.await("c", "b", "lost");

      Ham tree = cluster.node("a").ham().connectNode("b");
      assertThat(tree.read("steady", 0).objects().getFirst().pid()).isEqualTo(pid);
      assertThatThrownBy(() -> tree.withTimeout(LONG).entity("late"))
          .isInstanceOfSatisfying(
              HamException.Refused.class,
              e -> assertThat(e.reason()).isEqualTo(HamException.Reason.UNAVAILABLE))
          .hasMessageContaining("lost");

      b.launch();
      cluster.awaitAll("up");
      awaitNotes(notes, ".global node-joined", ".global node-lost", "steady node-lost");
      assertThat(b.pid("steady")).isEqualTo(pid);
      cluster.node("c").ham().withTimeout(LONG).connectNode("b").entity("again");
      assertThat(b.object("again")).isNotNull();
      // Another loss is another matter, and so whatever fires twice has fired by then.
      b.killEverything();
      awaitNotes(
          notes,
          ".global node-joined",
          ".global node-lost",
          ".global node-lost",
          "steady node-lost",
          "steady node-lost");
    }
  }

  @Test
  void theLeadersOwnLossIsDecidedByTheNextOne() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      String leader = cluster.node("a").ham().status().cluster().leader();
      Path notes = mourners(cluster, leader);
      cluster.node(leader).killEverything();
      awaitNotes(notes, ".global node-lost", "steady node-lost");
      String survivor = leader.equals("a") ? "b" : "a";
      cluster.await(survivor, leader, "lost");
      Until.isTrue(
          "another leads",
          () -> {
            String next = cluster.node(survivor).ham().status().cluster().leader();
            return !next.isEmpty() && !next.equals(leader);
          });
    }
  }

  @Test
  void aPairThatItsLauncherStartsAgainComesBackByItself() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      Path notes = mourners(cluster, "b");
      LiveNode b = cluster.node("b");
      final long pid = b.pid("steady");
      b.kill(b.managers());
      awaitNotes(notes, ".global node-joined", ".global node-lost", "steady node-lost");
      cluster.awaitAll("up");
      assertThat(b.pid("steady")).isEqualTo(pid);
    }
  }

  @Test
  void aTakeoverOrAGuardiansDeathIsNoLoss() throws Exception {
    // A paused JVM of a node whose other one is dead is no loss.
    try (LiveCluster cluster = LiveCluster.start(directory, 3, "--lease", "6s")) {
      Path notes = mourners(cluster, "b");
      LiveNode b = cluster.node("b");
      for (int i = 0; i < 2; i++) {
        // Killed beside one that is only warming, the HAM would leave nobody.
        long guardian = b.awaitGuard();
        b.kill(List.of(b.hamPid()));
        Until.isTrue("its Guardian acts", () -> b.hamPid() == guardian);
        long killed = b.awaitGuard();
        b.kill(List.of(killed));
        Until.isTrue(
            "yet another stands guard", () -> b.guardianPid() != 0 && b.guardianPid() != killed);
      }
      cluster.awaitAll("up");
      // What is noticed late would be noticed before this real loss.
      b.killEverything();
      awaitNotes(notes, ".global node-lost", "steady node-lost");
    }
  }

  @Test
  void whoIsStoppedInGoodOrderIsNotLost() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      Path notes = mourners(cluster, "b");
      LiveNode b = cluster.node("b");
      b.ham().stop();
      assertThat(b.awaitEnd()).isZero();
      cluster.await("a", "b", "leaving");
      cluster.await("c", "b", "leaving");
      awaitFree(cluster.port("b"));
      b.launch();
      cluster.awaitAll("up");
      awaitNotes(notes, ".global node-joined");
      b.killEverything();
      awaitNotes(notes, ".global node-joined", ".global node-lost", "steady node-lost");
    }
  }

  @Test
  void aFrozenNodeIsLostAndThenHeardAgain() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      Path notes = mourners(cluster, "b");
      List<Long> frozen = cluster.node("b").managers();
      Proc.signal("STOP", frozen);
      awaitNotes(notes, ".global node-lost", "steady node-lost");
      Proc.signal("CONT", frozen);
      awaitNotes(notes, ".global node-joined", ".global node-lost", "steady node-lost");
      cluster.awaitAll("up");
      cluster.node("a").ham().withTimeout(LONG).connectNode("b").entity("again");
      assertThat(cluster.node("b").managers()).containsAll(frozen);
    }
  }

  @Test
  void whoIsAloneCallsNobodyLostAndCaresForItsOwn() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      Path notes = mourners(cluster, "b");
      LiveNode c = cluster.node("c");
      Entity own = c.ham().attach("own", Command.of("/bin/sleep", "1000"));
      own.condition("died", ConditionSpec.death()).action("again", Deed.restart());
      // Both at once: no majority is left to say anything.
      List<Long> doomed = new ArrayList<>();
      for (LiveNode each : List.of(cluster.node("a"), cluster.node("b"))) {
        doomed.add(each.launcherPid());
        doomed.addAll(each.managers());
      }
      c.kill(doomed);
      Until.isTrue("c is alone", () -> !c.ham().status().cluster().quorate());
      long before = c.pid("own");
      Proc.signal("KILL", before);
      Until.isTrue("it is restarted", () -> c.pid("own") > 0 && c.pid("own") != before);
      assertThatThrownBy(
              () -> c.ham().withTimeout(Duration.ofSeconds(2)).connectNode("*").entity("x"))
          .isInstanceOf(HamException.class);
      assertThat(cluster.seen("c", "a").state()).isEqualTo("up");
      assertThat(cluster.seen("c", "b").state()).isEqualTo("up");
      assertThat(lines(notes)).isEmpty();
      cluster.node("a").launch();
      cluster.awaitJoined("a");
      awaitNotes(notes, ".global node-lost", "steady node-lost");
      cluster.node("b").launch();
      cluster.awaitAll("up");
    }
  }

  @Test
  void aNodeThatFindsNobodyRunsAlone() throws Exception {
    LiveCluster cluster = LiveCluster.prepare(directory, 3);
    try (cluster) {
      LiveNode a = cluster.node("a");
      a.launch();
      Entity own = a.ham().attach("own", Command.of("/bin/sleep", "1000"));
      assertThat(own.pid()).isPositive();
      Status status = a.ham().status();
      assertThat(status.cluster().quorate()).isFalse();
      assertThat(status.notices()).anyMatch(n -> n.contains("b, c"));
      cluster.node("b").launch();
      cluster.node("c").launch();
      cluster.awaitAll("up");
      cluster.awaitWhole();
      assertThat(a.ham().status().notices()).noneMatch(n -> n.contains("not founded"));
    }
  }

  /**
   * Something of a node, and the global entity of the cluster, write down what happens to it, on
   * whichever node that is done.
   */
  private Path mourners(LiveCluster cluster, String node) throws InterruptedException {
    Path notes = directory.resolve("notes");
    Ham ham = cluster.node(node).ham().withTimeout(LONG);
    Entity steady = ham.connectNode(node).attach("steady", Command.of("/bin/sleep", "1000"));
    steady.condition("gone", ConditionSpec.nodeLost(Proof.NONE)).action("note", note(notes));
    Entity global = ham.connectNode("*").named(".global");
    global.condition("gone", ConditionSpec.nodeLost(Proof.NONE)).action("note", note(notes));
    global
        .condition("back", ConditionSpec.of(ConditionType.NODE_JOINED))
        .action("note", note(notes));
    Until.isTrue(
        "the others know of it",
        () -> {
          for (LiveNode each : cluster.nodes()) {
            each.ham().connectNode(node).read("steady/gone/note", 0);
          }
          return true;
        });
    return notes;
  }

  private static Deed note(Path notes) {
    String script = "echo \"$HAM_ENTITY $HAM_EVENT\" >>\"$0\"";
    return Deed.execute("/bin/sh", "-c", script, notes.toString());
  }

  private static void awaitNotes(Path notes, String... expected) {
    Until.isTrue(
        "noted is " + List.of(expected) + " and nothing else",
        () -> {
          List<String> now = lines(notes);
          assertThat(now.size()).as("%s", now).isLessThanOrEqualTo(expected.length);
          return now.equals(List.of(expected));
        });
  }

  private static List<String> lines(Path notes) throws IOException {
    return Files.exists(notes) ? Files.readAllLines(notes).stream().sorted().toList() : List.of();
  }

  private static void awaitFree(int first) {
    Until.isTrue(
        "its ports are free",
        () -> {
          InetAddress here = InetAddress.getLoopbackAddress();
          for (int port = first; port < first + 10; port++) {
            try (ServerSocket tcp = new ServerSocket();
                DatagramSocket udp = new DatagramSocket(null)) {
              tcp.setReuseAddress(true);
              tcp.bind(new InetSocketAddress(here, port));
              udp.bind(new InetSocketAddress(here, port));
            } catch (IOException taken) {
              return false;
            }
          }
          return true;
        });
  }
}

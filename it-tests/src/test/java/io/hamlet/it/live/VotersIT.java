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
import io.hamlet.manager.disk.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who votes on real nodes: one that lost its disk, one that is added, one that never votes. */
class VotersIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void whoLostItsDiskVotesAgainOnlyAsANewVoter() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      LiveNode c = cluster.node("c");
      c.killEverything();
      cluster.await("a", "c", "lost");
      Trees.remove(c.state());
      c.launch();
      Until.isTrue("c says what to do", () -> says(c, "ham voter remove c"));
      cluster.await("a", "c", "up");
      assertThat(storage(c)).as("it has not founded again").doesNotExist();
      Ham whole = patient(cluster);
      assertThatThrownBy(() -> whole.cluster().setVoter("c", true))
          .isInstanceOf(HamException.Refused.class)
          .hasMessageContaining("votes already");
      setVoter(cluster, "c", false);
      Until.isTrue("c votes no more", () -> !cluster.seen("b", "c").voter());
      Until.isTrue("c complains no more", () -> !says(c, "ham voter remove c"));
      setVoter(cluster, "c", true);
      Until.isTrue(
          "c votes", () -> cluster.seen("b", "c").voter() && cluster.seen("c", "c").voter());
      assertThat(Files.readString(storage(c))).doesNotContain("self c founder");

      // Now it makes a majority with another, and after its next start too.
      cluster.node("b").killEverything();
      cluster.await("a", "b", "lost");
      patient(cluster)
          .connectNode("*")
          .named(".global")
          .condition("made-by-two", ConditionSpec.of(ConditionType.NODE_JOINED));
      c.killEverything();
      c.launch();
      Until.isTrue("c has it", () -> hasObject(c, ".global/made-by-two"));
      cluster.node("b").launch();
      cluster.awaitAll("up");
    }
  }

  @Test
  void whoIsKilledWhileTheClusterIsFoundedHasLostNothing() throws Exception {
    try (LiveCluster cluster = LiveCluster.prepare(directory, 3)) {
      cluster.nodes().forEach(LiveNode::launch);
      LiveNode b = cluster.node("b");
      Until.isTrue(
          "b has agreed",
          () -> Files.readString(b.state().resolve("founders")).contains("begun true"));
      b.killEverything();
      b.launch();
      cluster.awaitWhole();
    }
  }

  /** When the leader was lost a moment after its start, what ran on the third node was stopped. */
  @Test
  void aVoterThatBeginsAgainSaysUntilWhenItDoesNotCount() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      cluster.awaitVotes();
      cluster.nodes().forEach(LiveNode::killEverything);
      LiveNode c = cluster.node("c");
      c.launch();
      Until.isTrue("c says so", () -> says(c, LiveCluster.CATCHING_UP));
      cluster.node("b").launch();
      Until.isTrue("c counts", () -> !says(c, LiveCluster.CATCHING_UP));
      cluster.node("a").launch();
      cluster.awaitVotes();
    }
  }

  @Test
  void aNodeWithoutAVoteIsAMemberAndMayBecomeAVoter() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3);
        LiveNode d = fourth(cluster)) {
      Until.isTrue("d is a member", () -> isUp(cluster, "a", "d"));
      assertThat(cluster.seen("a", "d").voter()).isFalse();
      Path notes = directory.resolve("notes");
      Entity mourned = d.ham().attach("mourned", Command.of("/bin/sleep", "1000"));
      mourned
          .condition("gone", ConditionSpec.nodeLost(Proof.NONE))
          .action("note", Deed.execute("/bin/sh", "-c", "echo lost >>\"$0\"", notes.toString()));
      for (LiveNode each : cluster.nodes()) {
        Until.isTrue(each.name() + " has its tree", () -> knows(each));
      }
      setVoter(cluster, "d", true);
      Until.isTrue("d votes", () -> cluster.seen("a", "d").voter());
      assertThat(storage(d)).exists();
      setVoter(cluster, "d", false);
      Until.isTrue("d votes no more", () -> !cluster.seen("a", "d").voter());
      Until.isTrue("d has forgotten its votes", () -> !Files.exists(storage(d)));
      Until.isTrue("d has a majority", () -> d.ham().status().cluster().quorate());

      d.killEverything();
      cluster.await("a", "d", "lost");
      Until.isTrue("its loss is noted", () -> !Files.readAllLines(notes).isEmpty());
      assertThat(Files.readAllLines(notes)).containsExactly("lost");
      Path copy = cluster.node("c").state().resolve("replicas/d");
      assertThat(copy).exists();
      cluster.node("b").ham().withTimeout(LONG).forget("d");
      Until.isTrue("its copy is gone", () -> !Files.exists(copy));
      Until.isTrue("d is forgotten", () -> cluster.seen("a", "d") == null);
      Until.isTrue("by all", () -> cluster.seen("c", "d") == null);
      assertThatThrownBy(() -> cluster.node("b").ham().withTimeout(LONG).forget("d"))
          .isInstanceOf(HamException.Refused.class)
          .hasMessageContaining("no node 'd'");
    }
  }

  private static boolean knows(LiveNode by) throws InterruptedException {
    return !by.ham().connectNode("d").read("mourned/gone/note", 0).objects().isEmpty();
  }

  private LiveNode fourth(LiveCluster cluster) {
    List<String> options = new ArrayList<>(cluster.options("d"));
    options.addAll(List.of("--voters", "a,b,c"));
    return LiveNode.start(directory.resolve("d"), "d", options.toArray(String[]::new));
  }

  /** Any node will do. Patient, for a voter that is added must have caught up. */
  private static Ham patient(LiveCluster cluster) {
    return cluster.node("a").ham().withTimeout(LONG);
  }

  /** Who led may have lost that meanwhile, on a busy machine; then one is told to ask again. */
  static void setVoter(LiveCluster cluster, String node, boolean votes) {
    Until.isTrue(
        "it is changed that " + node + " votes: " + votes,
        () -> {
          try {
            patient(cluster).cluster().setVoter(node, votes);
            return true;
          } catch (HamException.Refused e) {
            if (cluster.seen("a", node).voter() != votes) {
              throw e;
            }
            return true;
          }
        });
  }

  private static boolean isUp(LiveCluster cluster, String by, String node)
      throws InterruptedException {
    Status.Member seen = cluster.seen(by, node);
    return seen != null && seen.state().equals("up");
  }

  private static boolean says(LiveNode node, String words) throws InterruptedException {
    return node.ham().status().notices().stream().anyMatch(n -> n.contains(words));
  }

  private static boolean hasObject(LiveNode by, String name) throws InterruptedException {
    return by.ham().connectNode("*").read("", -1).objects().stream()
        .anyMatch(o -> o.path().equals(name));
  }

  private static Path storage(LiveNode node) {
    return node.state().resolve("consensus/voter");
  }
}

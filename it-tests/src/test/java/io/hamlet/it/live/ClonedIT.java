package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Cluster;
import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.ClusterPolicy.QuorumLoss;
import io.hamlet.client.Command;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Proof;
import io.hamlet.client.TreeObject;
import io.hamlet.it.live.SoleProgram.Start;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two living nodes of one name: while node d is cut off, a copy of its state is started on another
 * host, and then both are there.
 */
class ClonedIT {
  private static final int ORIGINAL = 3;
  private static final int COPY = 4;

  /**
   * An eighth of it is what a manager has to stop what it runs before its leash ends it; then it
   * would begin anew, and be the newer one.
   */
  private static final String LEASE = "16s";

  @TempDir Path directory;
  private Hosts hosts;
  private HostKeys keys;
  private LiveCluster cluster;
  private LiveNode original;
  private LiveNode copy;
  private SoleProgram program;

  @RegisterExtension final Evidence evidence = Evidence.ofNodes(() -> Stream.of(original, copy));

  @BeforeEach
  void start() throws Exception {
    Needs.hosts();
    hosts = Hosts.make(COPY + 1);
    keys = HostKeys.make(directory.resolve("keys"));
    program = SoleProgram.in(directory);
    cluster = LiveCluster.start(hosts, keys, directory, ORIGINAL, "--lease", LEASE);
    original = node("original", ORIGINAL);
    original.launch();
    Until.isTrue("it is a member", () -> LiveCluster.hasJoined(original));
  }

  @AfterEach
  void stop() {
    Stream.of(original, copy).filter(Objects::nonNull).forEach(LiveNode::closeWithoutGoodbye);
    if (cluster != null) {
      cluster.close();
    }
    if (hosts != null) {
      hosts.close();
    }
  }

  private LiveNode node(String place, int host) {
    String at = hosts.address(host) + ":";
    List<String> words = new ArrayList<>(List.of("--cluster", cluster.name()));
    words.addAll(List.of("--voters", "a,b,c", "--lease", LEASE));
    words.addAll(List.of("--bind", at + LiveCluster.BUS, "--listen", at + LiveCluster.API));
    words.addAll(List.of("--join", hosts.address(0) + "," + hosts.address(1)));
    words.addAll(keys.options());
    return LiveNode.prepare(
        directory.resolve(place), "d", hosts.enter(host), words.toArray(String[]::new));
  }

  @Test
  void theOlderOfTwoThatLiveIsToldAndRefused() throws Exception {
    ClusterPolicy policy = new ClusterPolicy(List.of("d"), QuorumLoss.STOP, false);
    Cluster all = cluster.node("a").ham().cluster();
    all.attach("web", program.command(""), policy);
    Start first = startAfter(0);
    assertThat(first.node()).isEqualTo("d");

    hosts.isolate(List.of(ORIGINAL));
    for (LiveNode voter : cluster.nodes()) {
      cluster.await(voter.name(), "d", "lost");
    }
    startCopy();
    long own = original.ham().attach("own", Command.of("/bin/sleep", "1000")).pid();
    Start second = startAfter(first.token());
    LiveNode owner = second.node().equals("d") ? copy : cluster.node(second.node());
    assertThat(Handover.why(owner, "web"))
        .as("that the name is back proves nothing")
        .isEqualTo(Handover.proved("d", Proof.LEASE));
    all.move("web", "a");
    Until.isTrue("it runs on a", () -> program.running().node().equals("a"));

    hosts.heal();
    for (LiveNode each : everyone()) {
      Until.isTrue("%s tells of it".formatted(each.socket()), () -> tellsOfClones(each));
    }
    assertErrandsAreDoneForTheCopyOnly();
    assertThat(cluster.seen("a", "d").hamPid()).isEqualTo(copy.hamPid());
    assertThat(cluster.node("a").ham().connectNode("d").read("", 1).objects())
        .extracting(TreeObject::path)
        .as("without what only the older has")
        .contains("asking")
        .doesNotContain("own");
    long last = program.last().token();
    all.move("web", "d");
    assertThat(startAfter(last).pid()).isEqualTo(copy.object("*web").pid());

    original.ham().stop();
    assertThat(original.awaitEnd()).isZero();
    assertThat(Proc.isAlive(own)).as("its own runs on, as after any stop").isTrue();
    Proc.signal("KILL", own);
    for (LiveNode each : List.of(copy, cluster.node("a"))) {
      Until.isTrue("nobody tells of it any more", () -> !tellsOfClones(each));
    }
    assertThat(cluster.seen("a", "d").state()).as("its goodbye is not the other's").isEqualTo("up");
    assertThat(Proc.isAlive(program.last().pid())).isTrue();
    program.assertOneOwner();
  }

  private Start startAfter(long token) {
    return Until.given(
        "a start after " + token + " of " + program,
        () -> {
          Start now = program.running();
          return now == null || now.token() <= token ? null : now;
        });
  }

  /** Of all that the original had on its disk when it was cut off. */
  private void startCopy() throws Exception {
    Path place = Files.createDirectory(directory.resolve("copy"));
    String[] words = {"cp", "-a", original.state().toString(), place.resolve("state").toString()};
    assertThat(original.run(Map.of(), words)).isZero();
    copy = node("copy", COPY);
    copy.launch();
    Until.isTrue(
        "the copy is the node",
        () ->
            cluster.seen("a", "d").state().equals("up")
                && cluster.seen("a", "d").hamPid() == copy.hamPid());
  }

  private List<LiveNode> everyone() {
    List<LiveNode> everyone = new ArrayList<>(cluster.nodes());
    everyone.addAll(List.of(original, copy));
    return everyone;
  }

  private static boolean tellsOfClones(LiveNode node) throws InterruptedException {
    return node.ham().status().notices().stream().anyMatch(n -> n.startsWith("CLONED: "));
  }

  /** Both ask in the name of the node. */
  private void assertErrandsAreDoneForTheCopyOnly() throws Exception {
    Path ofOriginal = directory.resolve("of-original");
    Path instead = directory.resolve("instead");
    Path ofCopy = directory.resolve("of-copy");
    raise(original, ofOriginal, instead);
    raise(copy, ofCopy, directory.resolve("no-need"));
    Until.isTrue("what the newer asks for is done", () -> Files.exists(ofCopy));
    Until.isTrue("the older is told that nobody did it", () -> Files.exists(instead));
    assertThat(ofOriginal).doesNotExist();
  }

  private static void raise(LiveNode node, Path there, Path here) throws InterruptedException {
    Entity asking = node.ham().entity("asking");
    asking
        .condition("raised", ConditionSpec.raise(1, 0, 0))
        .action("there", touch(there, "a"))
        .onFail("here", touch(here, ""));
    asking.raise(1, 1, 1);
  }

  private static Deed touch(Path file, String node) {
    return new Deed.Execute(List.of("/usr/bin/touch", file.toString()), node);
  }
}

package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.Proof;
import io.hamlet.client.Rearm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three hosts that know nothing of each other but a multicast group. They start one after the
 * other, so that the first of them makes the views of the bus.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiscoveryIT {
  private static final int FIRST = 0;
  private static final int LAST = 2;
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir static Path directory;
  private Hosts hosts;
  private LiveCluster cluster;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);

  @BeforeAll
  void start() throws Exception {
    Needs.hosts();
    hosts = Hosts.make(3);
    HostKeys keys = HostKeys.make(directory.resolve("keys"));
    cluster = LiveCluster.prepare(hosts, keys, directory, 3, "multicast", "--lease", "3s");
    cluster.nodes().forEach(LiveNode::launch);
    cluster.awaitAll("up");
    cluster.awaitWhole();
    ham("a")
        .connectNode("*")
        .named(".global")
        .condition("gone", ConditionSpec.nodeLost(Proof.NONE).rearm(Rearm.ON))
        .action("tell", note(), Rearm.ON, Flag.OfAction.KEEP_ON_FAIL);
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
    if (hosts != null) {
      hosts.close();
    }
  }

  @Test
  void nothingIsMissingWithoutAnyAddress() throws Exception {
    for (LiveNode node : cluster.nodes()) {
      assertThat(node.ham().status().notices()).noneMatch(n -> n.contains("bus"));
    }
    Agreement.await(cluster.nodes());
  }

  /** It may get in by another, or not before the path is whole; nobody else has to pay for it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoStartsWhileOnePathToTheFirstIsCutOneWayHarmsNobody(boolean deaf) throws Exception {
    Files.deleteIfExists(notes());
    LiveNode last = cluster.node("c");
    last.killEverything();
    cluster.await("a", "c", "lost");
    try {
      hosts.drop(deaf ? FIRST : LAST, deaf ? LAST : FIRST);
      last.launch();
      String own = deaf ? "deaf" : "mute";
      assertThat(last.ham().attach(own, Command.of("/bin/sleep", "1000")).pid()).isPositive();
      Until.isTrue("c has a Guardian", () -> last.guardianPid() != 0);
      ham("a").connectNode("*").named(".global").publishState(deaf ? 1 : 2);
      ham("b").connectNode("*").named(".global").publishState(3);
      cluster.await("a", "b", "up");
      cluster.await("b", "a", "up");
    } finally {
      hosts.heal();
    }
    cluster.awaitAll("up");
    Agreement.await(cluster.nodes());
    assertThat(Files.readAllLines(notes())).as("who was told lost").containsOnly("c");
  }

  private Ham ham(String node) {
    return cluster.node(node).ham().withTimeout(LONG);
  }

  private static Deed note() {
    return new Deed.Execute(
        List.of("/bin/sh", "-c", "echo $HAM_NODE >>\"$0\"", notes().toString()), "");
  }

  private static Path notes() {
    return directory.resolve("notes");
  }
}

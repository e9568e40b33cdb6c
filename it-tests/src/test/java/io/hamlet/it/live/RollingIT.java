package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every node goes and comes back under load, one after the other: what was acknowledged stays, and
 * who watches is told everything once.
 */
class RollingIT {
  private static final Logger LOG = LoggerFactory.getLogger(RollingIT.class);
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final List<Traffic> traffic = new ArrayList<>();
  private final List<Follower> followers = new ArrayList<>();
  private Follower wide;
  private LiveCluster cluster;
  private Ham everywhere;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);

  @BeforeEach
  void start() throws Exception {
    cluster = LiveCluster.start(directory, 3);
    everywhere =
        Ham.connect(cluster.nodes().stream().map(LiveNode::address).toArray(String[]::new));
    wide = Follower.ofAll(everywhere);
    for (LiveNode node : cluster.nodes()) {
      followers.add(Follower.of(everywhere, node.name()));
      traffic.add(new Traffic(everywhere, node.name(), 2));
    }
  }

  @AfterEach
  void stop() throws Exception {
    endOfTraffic();
    for (Follower follower : followers) {
      follower.close();
    }
    if (wide != null) {
      wide.close();
    }
    if (everywhere != null) {
      everywhere.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void eachIsStoppedAndStartedAgain() throws Exception {
    for (LiveNode node : cluster.nodes()) {
      goOn();
      node.ham().withTimeout(LONG).stop();
      assertThat(node.awaitEnd()).isZero();
      goOn(node);
      node.launch();
      cluster.awaitAll("up");
    }
    takeover(cluster.node("b"));
    assertAllIsWell();
  }

  @Test
  void ofEachBothManagersAreKilled() throws Exception {
    for (LiveNode node : cluster.nodes()) {
      goOn();
      node.kill(node.managers());
      node.awaitAnswer();
      cluster.awaitAll("up");
      takeover(node);
    }
    assertAllIsWell();
  }

  private void takeover(LiveNode node) throws Exception {
    long dead = node.hamPid();
    node.kill(List.of(dead));
    Until.isTrue("another HAM acts", () -> node.hamPid() != dead);
    goOn();
    cluster.awaitAll("up");
  }

  /** Waits until each tree, but for those of these nodes, has got some more. */
  private void goOn(LiveNode... without) {
    List<String> still = List.of(without).stream().map(LiveNode::name).toList();
    for (Traffic t : traffic) {
      if (!still.contains(t.tree())) {
        int before = t.acknowledged();
        try {
          Until.isTrue("goes on", LONG, () -> t.acknowledged() >= before + 10);
        } catch (AssertionError e) {
          throw new AssertionError(traffic + " stand still; " + notices(), e);
        }
      }
    }
  }

  private String notices() {
    StringBuilder all = new StringBuilder();
    for (LiveNode node : cluster.nodes()) {
      try {
        all.append(node.name()).append(' ').append(node.ham().status().notices()).append('\n');
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (HamException e) {
        all.append(e.getMessage()).append('\n');
      }
    }
    return all.toString();
  }

  private void endOfTraffic() {
    traffic.forEach(Traffic::close);
  }

  private void assertAllIsWell() throws Exception {
    goOn();
    endOfTraffic();
    LOG.info("{}", traffic);
    for (int i = 0; i < traffic.size(); i++) {
      Traffic t = traffic.get(i);
      Follower follower = followers.get(i);
      for (LiveNode by : cluster.nodes()) {
        t.assertKept(by.ham());
      }
      List<Watched> known = history(t.tree());
      List<String> positions =
          known.stream().filter(Event.class::isInstance).map(Watched::position).toList();
      Until.isTrue("all is told", LONG, () -> follower.positions().containsAll(positions));
      assertThat(follower.faults()).isEmpty();
      assertThat(follower.gaps()).isEmpty();
      List<String> told = follower.positions();
      assertThat(told).hasSameSizeAs(new HashSet<>(told));
      t.assertTold(follower.events());
      if (!positions.containsAll(told)) {
        assertThat(known.getFirst()).as("what is gone is told").isInstanceOf(Watched.Gap.class);
      }
    }
    allIsToldAtOnce();
    inReplicas();
  }

  /** Who watches all nodes at once is told what those are who watch one. */
  private void allIsToldAtOnce() {
    for (int i = 0; i < traffic.size(); i++) {
      Traffic t = traffic.get(i);
      List<String> told = followers.get(i).events().stream().map(RollingIT::said).toList();
      Until.isTrue("all is told of " + t.tree(), LONG, () -> of(t.tree()).containsAll(told));
      assertThat(of(t.tree())).hasSameSizeAs(new HashSet<>(of(t.tree())));
    }
    assertThat(wide.faults()).isEmpty();
    assertThat(wide.gaps()).isEmpty();
  }

  private List<String> of(String tree) {
    return wide.events().stream().filter(e -> e.node().equals(tree)).map(RollingIT::said).toList();
  }

  /** The same at every position of whatever watch, and nothing else is. */
  private static String said(Event e) {
    return e.time() + " " + e.path() + " " + e.event() + " " + e.reason() + " " + e.detail();
  }

  /** Everything that a node tells of its tree now. */
  private List<Watched> history(String tree) throws InterruptedException {
    List<Watched> all = new ArrayList<>();
    Ham there = cluster.node(tree).ham().withTimeout(LONG);
    // From a place before all: "0" would be content with the oldest that is left.
    String first = followers.get(index(tree)).positions().getFirst();
    try (EventStream events = there.watch(WatchSpec.ALL.from("0").noFollow());
        EventStream later = there.watch(WatchSpec.ALL.from(first).noFollow())) {
      Watched head = later.next();
      if (head instanceof Watched.Gap) {
        all.add(head);
      }
      for (Watched w = events.next(); w != null; w = events.next()) {
        all.add(w);
      }
    }
    return all;
  }

  private int index(String tree) {
    return traffic.stream().map(Traffic::tree).toList().indexOf(tree);
  }

  /** Each node is away once more, and its tree is read from the others. */
  private void inReplicas() throws Exception {
    for (Traffic t : traffic) {
      LiveNode gone = cluster.node(t.tree());
      gone.killEverything();
      for (LiveNode by : cluster.nodes()) {
        if (by != gone) {
          cluster.await(by.name(), gone.name(), "lost");
          t.assertKept(by.ham());
        }
      }
      gone.launch();
      cluster.awaitAll("up");
    }
  }
}

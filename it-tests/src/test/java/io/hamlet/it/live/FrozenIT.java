package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both managers of a node are frozen for ten seconds under load: it holds up nobody but itself. */
class FrozenIT {
  private static final Logger LOG = LoggerFactory.getLogger(FrozenIT.class);
  private static final Duration FROST = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path directory;

  @Test
  void theCallsOfOthersGoOn() throws Exception {
    List<Traffic> traffic = new ArrayList<>();
    try (LiveCluster cluster = LiveCluster.start(directory, 3);
        Ham everywhere = Ham.connect(cluster.node("a").address(), cluster.node("c").address())) {
      try {
        for (LiveNode node : cluster.nodes()) {
          traffic.add(new Traffic(everywhere, node.name(), 2));
        }
        goOn(traffic, 20);
        List<Long> frozen = cluster.node("b").managers();
        try {
          frozen.forEach(pid -> Proc.signal("STOP", pid));
          final long begin = System.nanoTime();
          List<Traffic> others = traffic.stream().filter(t -> !t.tree().equals("b")).toList();
          goOn(others, 10);
          // Ends with the loss, long before the time that it was given.
          refusedBecauseLost(cluster.node("a"));
          refusedBecauseLost(cluster.node("c"));
          goOn(others, 50);
          Until.isTrue("ten seconds", () -> System.nanoTime() - begin > FROST.toNanos());
          goOn(others, 10);
        } finally {
          frozen.forEach(pid -> Proc.signal("CONT", pid));
        }
        cluster.awaitAll("up");
        goOn(traffic, 20);
        assertThat(cluster.node("b").managers()).as("nobody was killed").containsAll(frozen);
      } finally {
        traffic.forEach(Traffic::close);
        LOG.info("{}", traffic);
      }
      for (Traffic t : traffic) {
        for (LiveNode by : cluster.nodes()) {
          t.assertKept(by.ham());
        }
      }
      Agreement.await(cluster.nodes());
    }
  }

  private static void refusedBecauseLost(LiveNode by) {
    Ham b = by.ham().connectNode("b").withTimeout(LONG);
    assertThatThrownBy(() -> b.entity("while-frozen"))
        .isInstanceOf(HamException.class)
        .hasMessageContaining("node b is lost");
  }

  private static void goOn(List<Traffic> traffic, int more) {
    for (Traffic t : traffic) {
      int before = t.acknowledged();
      Until.isTrue(t + " goes on", LONG, () -> t.acknowledged() >= before + more);
    }
  }
}

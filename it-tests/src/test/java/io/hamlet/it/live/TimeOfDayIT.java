package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hosts whose time of day differs by hours, played by libfaketime under all of a node. It is only
 * shown: a cluster is founded, events go from node to node, nodes are lost and come back.
 */
class TimeOfDayIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration HOURS = Duration.ofHours(4);

  @TempDir Path directory;

  /** Whoever is killed leaves behind what libfaketime keeps for each process. */
  @AfterEach
  void sweep() throws IOException {
    try (DirectoryStream<Path> kept =
        Files.newDirectoryStream(Path.of("/dev/shm"), "*faketime_*")) {
      for (Path each : kept) {
        String name = each.getFileName().toString();
        if (!Proc.isAlive(Long.parseLong(name.substring(name.lastIndexOf('_') + 1)))) {
          Files.deleteIfExists(each);
        }
      }
    }
  }

  @Test
  void nodesThatAreHoursApartWorkTogether() throws Exception {
    Path library = library();
    Needs.that("programs", "libfaketime", library != null);
    try (LiveCluster cluster =
        LiveCluster.start(
            directory,
            3,
            node ->
                switch (node) {
                  case "b" -> shifted(library, "-5h");
                  case "c" -> shifted(library, "+5h");
                  default -> List.of();
                })) {
      for (LiveNode node : cluster.nodes()) {
        node.ham().attach("steady", Command.of("/bin/sleep", "1000"));
      }
      assertThat(created(cluster, "b")).isBefore(Instant.now().minus(HOURS));
      assertThat(created(cluster, "c")).isAfter(Instant.now().plus(HOURS));
      eventsGoFromEachToEach(cluster);
      Map<String, List<Long>> before = processes(cluster);
      for (String away : List.of("b", "c")) {
        List<Long> killed = cluster.node(away).pair();
        cluster.node(away).killEverything();
        for (LiveNode by : cluster.nodes()) {
          if (!by.name().equals(away)) {
            cluster.await(by.name(), away, "lost");
          }
        }
        cluster.node(away).launch();
        cluster.awaitAll("up");
        cluster.awaitWhole();
        Map<String, List<Long>> after = processes(cluster);
        assertThat(after.get(away)).doesNotContainAnyElementsOf(killed);
        before.get(away).removeAll(killed);
        assertThat(after.get(away)).as("its entity runs on").containsAll(before.get(away));
        before.put(away, after.get(away));
        assertThat(after).as("nobody else was restarted").isEqualTo(before);
      }
      Agreement.await(cluster.nodes());
    }
  }

  /** By its own time of day, as another node tells it. */
  private static Instant created(LiveCluster cluster, String node) throws InterruptedException {
    try (EventStream events =
        cluster
            .node("a")
            .ham()
            .connectNode(node)
            .watch(WatchSpec.ALL.path("steady").from("0").noFollow())) {
      for (Watched w = events.next(); w != null; w = events.next()) {
        if (w instanceof Event e) {
          return e.time();
        }
      }
    }
    throw new AssertionError("no event of " + node + " is known");
  }

  private void eventsGoFromEachToEach(LiveCluster cluster) throws InterruptedException {
    for (LiveNode from : cluster.nodes()) {
      for (LiveNode to : cluster.nodes()) {
        Path made = directory.resolve(from.name() + "-" + to.name());
        Condition raised =
            from.ham().entity("to-" + to.name()).condition("c", ConditionSpec.raise(1, 0, 0));
        raised.action(
            "run", new Deed.Execute(List.of("/usr/bin/touch", made.toString()), to.name()));
        from.ham().named("to-" + to.name()).raise(1, 1, 1);
        Until.isTrue(made + " is made", LONG, () -> Files.exists(made));
      }
    }
  }

  /** HAM, Guardian and entity of each node. */
  private static Map<String, List<Long>> processes(LiveCluster cluster)
      throws InterruptedException {
    Map<String, List<Long>> all = new TreeMap<>();
    for (LiveNode node : cluster.nodes()) {
      List<Long> pids = new ArrayList<>(node.pair());
      pids.add(node.pid("steady"));
      all.put(node.name(), pids);
    }
    return all;
  }

  /** All that counts from the boot is left as it is. */
  private static List<String> shifted(Path library, String by) {
    return List.of(
        "env",
        "LD_PRELOAD=" + library,
        "FAKETIME=" + by,
        "FAKETIME_DONT_FAKE_MONOTONIC=1",
        "FAKETIME_FORCE_MONOTONIC_FIX=0");
  }

  private static Path library() throws IOException {
    try (DirectoryStream<Path> architectures = Files.newDirectoryStream(Path.of("/usr/lib"))) {
      for (Path each : architectures) {
        Path library = each.resolve("faketime/libfaketimeMT.so.1");
        if (Files.exists(library)) {
          return library;
        }
      }
    }
    return null;
  }
}

package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.Deed;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.Proof;
import io.hamlet.client.Rearm;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.core.model.Errand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hosts whose clocks differ by hours: those that count since the boot, which all deadlines, leases
 * and errands go by, each in a namespace of its own. The time of day is only shown.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClocksIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long B_AHEAD = 3 * 3600;
  private static final long C_AHEAD = 8 * 3600;

  @TempDir static Path directory;
  private LiveCluster cluster;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);

  @BeforeAll
  void start() throws Exception {
    Needs.root();
    Needs.program("unshare");
    cluster =
        LiveCluster.start(
            directory,
            3,
            node ->
                switch (node) {
                  case "b" -> ahead(B_AHEAD);
                  case "c" -> ahead(C_AHEAD);
                  default -> List.of();
                },
            "--lease",
            "6s");
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static List<String> ahead(long seconds) {
    String offset = String.valueOf(seconds);
    return List.of("unshare", "--time", "--boottime", offset, "--monotonic", offset);
  }

  /** Without this nothing else here says anything. */
  @Test
  void theClocksDiffer() throws Exception {
    assertThat(offset("b")).isEqualTo(B_AHEAD);
    assertThat(offset("c")).isEqualTo(C_AHEAD);
  }

  private long offset(String node) throws Exception {
    String offsets =
        Files.readString(Path.of("/proc", cluster.node(node).hamPid() + "", "timens_offsets"));
    String line = offsets.lines().filter(l -> l.startsWith("boottime")).findFirst().orElseThrow();
    return Long.parseLong(line.strip().split("\\s+")[1]);
  }

  @Test
  void whatIsToBeDoneOnAnotherNodeIsDoneThere() throws Exception {
    for (LiveNode from : cluster.nodes()) {
      for (LiveNode to : cluster.nodes()) {
        Path made = directory.resolve(from.name() + "-" + to.name());
        Condition raised =
            from.ham().entity("to-" + to.name()).condition("c", ConditionSpec.raise(1, 0, 0));
        raised.action("run", touch(made, to.name()));
        from.ham().named("to-" + to.name()).raise(1, 1, 1);
        Until.isTrue(made + " is made", LONG, () -> Files.exists(made));
      }
    }
  }

  @Test
  void whatComesTooLateIsNotDone() throws Exception {
    for (String away : List.of("b", "c")) {
      Path made = directory.resolve("late-" + away);
      Path instead = directory.resolve("instead-of-" + away);
      Entity entity = cluster.node("a").ham().entity("late-" + away);
      Condition raised = entity.condition("c", ConditionSpec.raise(1, 0, 0));
      raised.action("run", touch(made, away)).onFail("else", touch(instead, "a"));
      List<Long> frozen = cluster.node(away).managers();
      long begin = System.nanoTime();
      try {
        Proc.signal("STOP", frozen);
        entity.raise(1, 1, 1);
        Until.isTrue("the alternate ran", LONG, () -> Files.exists(instead));
        long span = Errand.SPAN.plus(Errand.MARGIN).toNanos();
        Until.isTrue("its time is over", () -> System.nanoTime() - begin > span);
      } finally {
        Proc.signal("CONT", frozen);
      }
      cluster.awaitAll("up");
      // What is asked for later is done later, and so the late one would have been done by then.
      Path next = directory.resolve("next-" + away);
      Condition again = entity.condition("d", ConditionSpec.raise(2, 0, 0));
      again.action("run", touch(next, away));
      entity.raise(2, 1, 1);
      Until.isTrue("the next is done", LONG, () -> Files.exists(next));
      assertThat(made).doesNotExist();
    }
  }

  @Test
  void eachIsLostOnceAndComesBackAndTimeRises() throws Exception {
    Path notes = directory.resolve("notes");
    Entity all = cluster.node("a").ham().withTimeout(LONG).connectNode("*").named(".global");
    all.condition("gone", ConditionSpec.nodeLost(Proof.NONE).rearm(Rearm.ON))
        .action(
            "note",
            Deed.execute("/bin/sh", "-c", "echo $HAM_NODE >>\"$0\"", notes.toString()),
            Rearm.ON);
    List<String> expected = new ArrayList<>();
    for (LiveNode node : cluster.nodes()) {
      node.killEverything();
      expected.add(node.name());
      for (LiveNode by : cluster.nodes()) {
        if (by != node) {
          cluster.await(by.name(), node.name(), "lost");
        }
      }
      Until.isTrue("it is told", LONG, () -> lines(notes).size() >= expected.size());
      node.launch();
      cluster.awaitAll("up");
    }
    assertThat(lines(notes)).isEqualTo(expected);
    assertThat(times()).isSorted();
    Agreement.await(cluster.nodes());
  }

  /** Of all that the cluster's tree has told, in its order. */
  private List<Instant> times() throws InterruptedException {
    List<Instant> times = new ArrayList<>();
    Ham tree = cluster.node("a").ham().connectNode("*");
    try (EventStream events = tree.watch(WatchSpec.ALL.from("0").noFollow())) {
      for (Watched w = events.next(); w != null; w = events.next()) {
        if (w instanceof Event e) {
          times.add(e.time());
        }
      }
    }
    return times;
  }

  private static Deed touch(Path file, String node) {
    return new Deed.Execute(List.of("/usr/bin/touch", file.toString()), node);
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}

package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.WatchSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both managers of a node are frozen: it holds up nobody but itself, and not for long. */
class FrozenIT {
  private static final Logger LOG = LoggerFactory.getLogger(FrozenIT.class);
  private static final Duration FROST = Duration.ofSeconds(10);
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path directory;

  /** For ten seconds under load. */
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
          Proc.signal("STOP", frozen);
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
          Proc.signal("CONT", frozen);
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

  /**
   * Two of three: nobody can be told lost, so that the caller's own time ends a call, and nothing
   * else. They stand still until all calls have ended.
   */
  @Test
  void whoIsLeftAloneIsToldInTimeAndWhatToDo() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      Ham alone = cluster.node("a").ham().withTimeout(Duration.ofSeconds(2));
      Ham b = alone.connectNode("b");
      Ham c = alone.connectNode("c");
      // Over the connection that this makes a request may arrive; over none it certainly does not.
      b.withTimeout(LONG).entity("before");
      List<Long> frozen = new ArrayList<>(cluster.node("b").managers());
      frozen.addAll(cluster.node("c").managers());
      try {
        Proc.signal("STOP", frozen);
        String late = "node b has not answered in time";
        String gone = "does not answer; nothing was changed; try again (ham status)";
        List<Future<?>> calls =
            List.of(
                ends(() -> b.entity("made"), late + "; the change may still be made", gone),
                ends(() -> b.named("before").raise(1, 2, 3), "(ham --node b ls)", gone),
                ends(() -> b.read("before", 0), late + "; try again (ham status)", gone),
                ends(() -> b.why("before"), late + "; try again (ham status)", gone),
                ends(b::status, late + "; try again (ham status)", gone),
                ends(
                    () -> b.watch(WatchSpec.ALL).close(),
                    "no manager has begun to tell what happens; tried"),
                ends(() -> c.entity("made"), gone),
                ends(() -> c.read("", 1), gone),
                ends(() -> alone.connectNode("*").entity("made"), "'ham status' says who"));
        for (Future<?> call : calls) {
          call.get();
        }
        assertThat(alone.withTimeout(LONG).entity("own").node()).isEqualTo("a");
      } finally {
        Proc.signal("CONT", frozen);
      }
      cluster.awaitAll("up");
      assertThat(b.withTimeout(LONG).entity("after").node()).isEqualTo("b");
    }
  }

  private interface Call {
    void make() throws InterruptedException;
  }

  /**
   * A call ends by its time, beside others, and with one of these words; if this machine has let
   * the caller's own time run out first, it is made again.
   */
  private static Future<?> ends(Call call, String... advice) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Runnable asking =
        () -> {
          try {
            Until.isTrue(
                "it is told " + List.of(advice),
                () -> Stream.of(advice).anyMatch(refusal(call).getMessage()::contains));
            end.complete(null);
          } catch (AssertionError e) {
            end.completeExceptionally(e);
          }
        };
    Thread.ofPlatform().name("caller").start(asking);
    return end;
  }

  private static HamException refusal(Call call) throws InterruptedException {
    try {
      call.make();
    } catch (HamException e) {
      return e;
    }
    throw new AssertionError("it was answered");
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

package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.it.live.SoleProgram.Start;
import io.hamlet.it.live.Wounds.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes on hosts of their own, whose leases are not the same for a while. */
class LeasesIT {
  private static final String BRIEF = "2s";

  /** Its signs are further apart than half of the other, if both its managers give them in turn. */
  private static final Duration LONG = Duration.ofSeconds(14);

  private static final String DIFFER = "leases differ";

  @TempDir Path directory;
  private Siege siege;

  @RegisterExtension
  final Evidence evidence = Evidence.ofAll(() -> siege == null ? null : siege.cluster());

  @BeforeEach
  void start() throws Exception {
    Needs.hosts();
    siege = new Siege(directory, BRIEF);
  }

  @AfterEach
  void stop() {
    if (siege != null) {
      siege.close();
    }
  }

  /** Seen by hand before: the others lost it again and again, and what it ran with it. */
  @Test
  void whoHasALongerOneIsNotLostForThatAndIsWaitedOutByIt() throws Exception {
    raise("c");
    assertThat(node("a").ham().status().notices()).anyMatch(n -> n.contains(DIFFER));
    siege.move("c");
    final Start first = siege.owner("");
    awaitQuietOf("c", LONG.multipliedBy(2));
    assertThat(siege.program().running()).isEqualTo(first);

    siege.befall("c", Fault.CUT_OFF);
    siege.cluster().await("a", "c", "lost");
    assertThat(Proc.isAlive(first.pid())).as("its lease goes on").isTrue();
    Start second = siege.owner("c");
    assertThat(Proc.isAlive(first.pid())).isFalse();
    assertThat(second.token()).isGreaterThan(first.token());
    assertThat(losses("c")).as("once").containsExactly("proof none", "proof lease");
    siege.heal();
    siege.program().assertOneOwner();
  }

  @Test
  void itIsRaisedNodeByNodeWhileAProgramRuns() throws Exception {
    raise("c");
    siege.move("c");
    final Start before = siege.owner("");
    raise("a");
    raise("b");
    assertThat(siege.program().running()).as("nobody has touched it").isEqualTo(before);
    for (LiveNode node : siege.cluster().nodes()) {
      Until.isTrue(
          node.name() + " has nothing to say of leases",
          () -> node.ham().status().notices().stream().noneMatch(n -> n.contains(DIFFER)));
      assertThat(losses(node.name())).isEmpty();
    }
    siege.program().assertOneOwner();
  }

  /** As one does it: the node is stopped in good order, and started with the other lease. */
  private void raise(String name) throws Exception {
    LiveNode node = node(name);
    node.ham().withTimeout(Until.LIMIT).stop();
    assertThat(node.awaitEnd()).isZero();
    node.tell("--lease", LONG.toSeconds() + "s");
    node.launch();
    siege.cluster().awaitAll("up");
    siege.cluster().awaitVotes();
  }

  private LiveNode node(String name) {
    return siege.cluster().node(name);
  }

  /** For so long nothing is told of its loss, by whoever watches and by what is known then. */
  private void awaitQuietOf(String name, Duration span) throws InterruptedException {
    long end = System.nanoTime() + span.toNanos();
    try (EventStream events = star().watch(WatchSpec.ALL)) {
      for (long left = span.toNanos(); left > 0; left = end - System.nanoTime()) {
        Watched next = events.poll(Duration.ofNanos(left));
        assertThat(next).matches(w -> !isLossOf(name, w), "not the loss of " + name);
      }
    }
    assertThat(losses(name)).isEmpty();
  }

  /**
   * Of that node, all that the cluster has told: of each loss what proves it, as it becomes known.
   */
  private List<String> losses(String name) throws InterruptedException {
    List<Watched> all = new ArrayList<>();
    try (EventStream events = star().watch(WatchSpec.ALL.from("0").noFollow())) {
      for (Watched next = events.next(); next != null; next = events.next()) {
        all.add(next);
      }
    }
    assertThat(all).as("all is still known").noneMatch(Watched.Gap.class::isInstance);
    return all.stream()
        .filter(w -> isLossOf(name, w))
        .map(Event.class::cast)
        .map(Event::reason)
        .toList();
  }

  private static boolean isLossOf(String name, Watched w) {
    return w instanceof Event e
        && e.node().equals(name)
        && e.path().isEmpty()
        && e.event().equals("node-lost");
  }

  private Ham star() {
    return node("a").ham().withTimeout(Until.LIMIT).connectNode("*");
  }
}

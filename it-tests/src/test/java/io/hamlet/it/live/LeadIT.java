package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.Leadership;
import io.hamlet.client.WatchSpec;
import io.hamlet.it.live.TokenStore.Write;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three nodes and a program on each that wants to lead: never do two, and always one again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeadIT {
  private static final Logger LOG = LoggerFactory.getLogger(LeadIT.class);

  /** Nobody loses it meanwhile. */
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir static Path directory;
  private LiveCluster cluster;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);
  private TokenStore store;
  private final List<Process> programs = new ArrayList<>();

  @BeforeAll
  void start() throws Exception {
    cluster = LiveCluster.start(directory, 3);
    store = new TokenStore();
  }

  @AfterAll
  void stop() throws Exception {
    programs.forEach(Process::destroyForcibly);
    if (store != null) {
      store.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private void begin(String node) throws Exception {
    Path output = directory.resolve(node + ".program");
    programs.add(LeadingProgram.start(cluster.node(node).address(), store.port(), output));
  }

  /** Waits for the successor of whoever led until it was hurt, just now. */
  private Write awaitSuccessor(Write before, String hurt) {
    long begun = System.nanoTime();
    Write next =
        Until.given(
            "another leads than " + before,
            () -> {
              Write newest = store.after(before.token());
              return newest == null || newest.pid() == before.pid() ? null : newest;
            });
    LOG.info("{}: another leads after {} ms", hurt, (next.at() - begun) / 1_000_000);
    return next;
  }

  @Test
  void neverTwoLeadAndAlwaysOneAgain() throws Exception {
    for (LiveNode node : cluster.nodes()) {
      begin(node.name());
    }
    Write first = Until.given("somebody leads", () -> store.after(0));

    Proc.signal("KILL", first.pid());
    Write second = awaitSuccessor(first, "killed");

    Proc.signal("STOP", second.pid());
    Write third = awaitSuccessor(second, "frozen");
    Proc.signal("CONT", second.pid());
    Write late =
        Until.given(
            "who was frozen tries",
            () ->
                store.writes().stream()
                    .filter(w -> !w.leads() && w.token() == second.token())
                    .findFirst()
                    .orElse(null));
    assertThat(late.admitted()).as("the store takes what is late").isFalse();

    String leader =
        Until.given(
            "a leader of the cluster",
            () -> {
              String known = cluster.node("a").ham().status().cluster().leader();
              return known.isEmpty() ? null : known;
            });
    LiveNode lost = cluster.node(leader);
    lost.killEverything();
    long begun = System.nanoTime();
    Until.isTrue(
        "somebody leads and writes since the leader of the cluster is gone",
        () -> {
          Write newest = store.after(third.token() - 1);
          return newest.at() - begun > LeadingProgram.SPAN.toNanos();
        });
    store.assertOneLeader();
    lost.launch();
    cluster.awaitWhole();
  }

  @Test
  void whoGivesItUpIsFollowedAtOnce() throws Exception {
    BlockingQueue<Long> tokens = new ArrayBlockingQueue<>(10);
    try (Ham a = Ham.connect(cluster.node("a").address());
        Ham b = Ham.connect(cluster.node("b").address());
        EventStream events = b.connectNode("*").watch(WatchSpec.ALL.path(".lead/report"))) {
      Leadership first = a.lead("report", LONG, term -> lead(tokens, term.token()));
      Long one = tokens.poll(60, TimeUnit.SECONDS);
      assertThat(first.isLeader()).isTrue();
      try (Leadership second = b.lead("report", LONG, term -> lead(tokens, term.token()))) {
        assertThat(second.isLeader()).isFalse();
        assertThat(tokens).isEmpty();
        first.close();
        assertThat(first.isLeader()).isFalse();
        Long two = tokens.poll(60, TimeUnit.SECONDS);
        assertThat(two).isGreaterThan(one);
        assertThat(second.token()).isEqualTo(two);
        List<String> told = new ArrayList<>();
        while (told.size() < 3) {
          if (events.next() instanceof Event event) {
            told.add(event.event() + " " + event.reason());
          }
        }
        assertThat(told).containsExactly("leads ", "leads-no-more given up", "leads ");
      }
    }
  }

  private static void lead(BlockingQueue<Long> tokens, long token) throws InterruptedException {
    tokens.add(token);
    new ArrayBlockingQueue<Long>(1).take();
  }
}

package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Ham;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Real nodes: every command for one is asked of another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HopIT {
  @TempDir static Path directory;
  private LiveCluster cluster;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);

  @BeforeAll
  void start() {
    cluster = LiveCluster.start(directory, 3);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  void everyCommandOfOneNodeCanBeAskedOfAnother() throws Exception {
    ham("--node b attach svc --keep-on-death -- /bin/sh -c"
            + " echo${IFS}hello;exec${IFS}sleep${IFS}999")
        .is(0)
        .with("\"node\":\"b\"");
    long pid = cluster.node("b").pid("svc");
    assertThat(pid).isPositive();
    assertThat(cluster.node("a").object("svc")).isNull();
    ham("entity b:later --keep-on-death").is(0).with("\"node\":\"b\"");
    ham("condition b:svc/dead death --rearm").is(0);
    ham("action b:svc/dead/again restart --rearm").is(0);
    ham("action b:svc/dead/note log --on-fail-of again saw").is(0);
    ham("remove b:svc/dead/note --on-fail-of again").is(0);
    ham("flags b:svc/dead +keep-on-empty --node c").is(0).with("keep-on-empty");
    ham("disable b:svc --recurse").is(0);
    ham("enable b:svc --recurse").is(0);
    ham("state b:svc 3").is(0);
    ham("raise b:svc 1 2 3").is(0);
    ham("--node b resume svc").is(1).explains("svc");
    ham("cat b:svc").is(0).with("\"node\":\"b\"").with("\"pid\":" + pid);
    ham("ls b:").is(0).with("\"path\":\"svc\"");
    ham("tree b:").is(0).with("again");
    ham("watch b: --from 0 --no-follow").is(0).with("\"node\":\"b\"").with("raise");
    ham("why b:svc").is(0).with("svc");
    ham("--node b logs svc").is(0).with("hello");
    ham("--node b verbose 2").is(0);
    assertThat(cluster.node("b").ham().verbosity()).isEqualTo(2);
    ham("--node b heartbeat query").is(0);
    ham("--node b status").is(0).with("\"node\":\"b\"");
    ham("cat x:svc").is(1).explains("no node 'x'").explains("a, b, c");
    ham("remove b:svc/dead").is(0);
    ham("detach b:svc").is(0);
    assertThat(cluster.node("b").pid("svc")).isZero();
    ham("remove b:svc").is(0);
    // What is detached runs on.
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
  }

  @Test
  void aKilledHamThereIsHardlyNoticed() throws Exception {
    try (Ham ham = Ham.connect(cluster.node("a").address())) {
      Ham b = ham.connectNode("b");
      b.entity("before");
      cluster.node("b").awaitGuard();
      cluster.node("b").kill(List.of(cluster.node("b").hamPid()));
      assertThat(b.entity("after").node()).isEqualTo("b");
      assertThat(b.handle("before").uid()).isPositive();
    }
  }

  @Test
  void aClientMovesWhenItsNodeIsKilled() throws Exception {
    String addresses = cluster.node("c").address() + "," + cluster.node("a").address();
    try (Ham ham = Ham.connect(addresses)) {
      Ham b = ham.connectNode("b");
      assertThat(ham.status().node()).isEqualTo("c");
      cluster.node("c").killEverything();
      try {
        assertThat(b.entity("moved").node()).isEqualTo("b");
        assertThat(b.status().node()).isEqualTo("b");
      } finally {
        cluster.node("c").launch();
        cluster.awaitAll("up");
      }
    }
  }

  /** One command, asked of node a. */
  private Said ham(String line) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(LiveNode.program().toString());
    command.addAll(List.of("-o", "json", "--server", cluster.node("a").address()));
    command.addAll(List.of(line.split(" ")));
    return Said.run(command);
  }
}

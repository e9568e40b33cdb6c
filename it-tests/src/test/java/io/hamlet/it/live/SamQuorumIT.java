package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.RecoveryPolicy;
import io.hamlet.client.Sam;
import io.hamlet.client.SamContract;
import io.hamlet.client.SamFlag;
import io.hamlet.client.SamProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that may run only with a majority, on a node that runs nothing else for its cluster and
 * loses it (sam.md 2.7): it is warned, and its next start waits.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SamQuorumIT {
  private static final SamContract CONTRACT =
      SamContract.of(Duration.ZERO, RecoveryPolicy.RESTART, SamFlag.QUORUM, SamFlag.COMPAT_LIBSAM);

  @TempDir Path directory;
  private Sam sam;
  private CompletableFuture<Void> start;

  private SamProgram awaits(String state, long instance) {
    return Until.given(
        "the program is " + state + " in instance " + instance,
        () -> {
          SamProgram p = sam.look();
          return p != null && p.state().equals(state) && p.instance() == instance ? p : null;
        });
  }

  /** On node c, whose others are gone: its second instance, whose start waits. */
  private SamProgram waiting(LiveCluster cluster) throws Exception {
    LiveNode c = cluster.node("c");
    sam = Sam.launch(c.ham(), "app", CONTRACT, Command.of("/bin/sleep", "1000"), new byte[0]);
    sam.start();
    awaits("started", 1);
    cluster.node("a").killEverything();
    cluster.node("b").killEverything();
    SamProgram second = awaits("registered", 2);
    assertThat(second.end().cause()).isEqualTo("quorum");
    assertThat(second.end().exit()).as("its warning").isEqualTo("signal 15");
    start = sam.startAsync();
    SamProgram waiting = awaits("waiting quorum", 2);
    assertThat(waiting.pid()).isEqualTo(second.pid());
    return waiting;
  }

  /** The HAM is killed meanwhile; who takes over goes on waiting, and knows of the majority. */
  @Test
  void theStartWaitsOverATakeoverUntilThereIsAMajority() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      SamProgram waiting = waiting(cluster);
      LiveNode c = cluster.node("c");
      Until.isTrue("a Guardian stands by", () -> c.guardianPid() != 0);
      long ham = c.hamPid();
      c.kill(List.of(ham));
      Until.isTrue("it has taken over", () -> c.hamPid() != ham);
      assertThat(awaits("waiting quorum", 2).pid()).isEqualTo(waiting.pid());
      assertThat(start).isNotDone();
      cluster.node("a").launch();
      assertThat(awaits("started", 2).pid()).isEqualTo(waiting.pid());
      start.get(60, TimeUnit.SECONDS);
      sam.close();
    }
  }

  /** Who ends while its start waits has failed, as libsam has it. */
  @Test
  void whoEndsWhileItsStartWaitsIsStartedAgain() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      Proc.signal("TERM", waiting(cluster).pid());
      assertThat(awaits("registered", 3).end().cause()).isEqualTo("exited");
      Until.isTrue("its start has come to nothing", start::isCompletedExceptionally);
      sam.close();
    }
  }

  /** What waits for a majority need not wait for one that there is none of any more. */
  @Test
  void aNodeTakenOutOfItsClusterHasNoMajorityToWaitFor() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      SamProgram waiting = waiting(cluster);
      cluster.node("c").killEverything();
      assertThat(start).isNotDone();
      try (LiveNode alone = LiveNode.start(directory.resolve("c"), "c")) {
        awaits("started", 2);
        assertThat(alone.pid("app")).isEqualTo(waiting.pid());
      }
    }
  }
}

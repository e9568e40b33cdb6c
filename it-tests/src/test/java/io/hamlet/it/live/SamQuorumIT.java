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

/** A program that may run only with a quorum, on a node that loses its majority (sam.md 2.7). */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SamQuorumIT {
  @TempDir Path directory;

  private static SamProgram awaits(Sam sam, String state, long instance) {
    return Until.given(
        sam.name() + " is " + state + " in instance " + instance,
        () -> {
          SamProgram p = sam.look();
          return p != null && p.state().equals(state) && p.instance() == instance ? p : null;
        });
  }

  @Test
  void itIsWarnedWhenTheMajorityIsLostAndItsNextStartWaitsOverATakeover() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      cluster.awaitWhole();
      LiveNode c = cluster.node("c");
      SamContract contract =
          SamContract.of(
              Duration.ZERO, RecoveryPolicy.RESTART, SamFlag.QUORUM, SamFlag.COMPAT_LIBSAM);
      Sam sam = Sam.launch(c.ham(), "app", contract, Command.of("/bin/sleep", "1000"), new byte[0]);
      sam.start();
      awaits(sam, "started", 1);

      cluster.node("a").killEverything();
      cluster.node("b").killEverything();
      SamProgram second = awaits(sam, "registered", 2);
      assertThat(second.end().cause()).isEqualTo("quorum");
      assertThat(second.end().exit()).isEqualTo("signal 15");
      CompletableFuture<Void> start = sam.startAsync();
      awaits(sam, "waiting quorum", 2);

      Until.isTrue("a Guardian stands by", () -> c.guardianPid() != 0);
      long ham = c.hamPid();
      c.kill(List.of(ham));
      Until.isTrue("it has taken over", () -> c.hamPid() != ham);
      SamProgram waiting = awaits(sam, "waiting quorum", 2);
      assertThat(waiting.pid()).as("the same process").isEqualTo(second.pid());
      assertThat(start).isNotDone();

      cluster.node("a").launch();
      assertThat(awaits(sam, "started", 2).pid()).isEqualTo(second.pid());
      start.get(60, TimeUnit.SECONDS);
      sam.close();
    }
  }

  /** Who ends while its start waits has failed, as libsam has it. */
  @Test
  void whoEndsWhileItsStartWaitsIsStartedAgain() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      cluster.awaitWhole();
      LiveNode c = cluster.node("c");
      cluster.node("a").killEverything();
      cluster.node("b").killEverything();
      Until.isTrue("the majority is lost", () -> !c.ham().status().cluster().quorate());
      SamContract contract =
          SamContract.of(
              Duration.ZERO, RecoveryPolicy.RESTART, SamFlag.QUORUM, SamFlag.COMPAT_LIBSAM);
      Sam sam = Sam.launch(c.ham(), "app", contract, Command.of("/bin/sleep", "1000"), new byte[0]);
      awaits(sam, "registered", 1);
      CompletableFuture<Void> start = sam.startAsync();
      SamProgram waiting = awaits(sam, "waiting quorum", 1);
      Proc.signal("TERM", waiting.pid());
      assertThat(awaits(sam, "registered", 2).end().cause()).isEqualTo("exited");
      Until.isTrue("its start has come to nothing", start::isCompletedExceptionally);
      sam.close();
    }
  }
}

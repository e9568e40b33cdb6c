package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Cluster;
import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.Command;
import io.hamlet.it.live.SoleProgram.Start;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Consensus stands still at the one that leads, which goes on giving signs of life. */
class HungVoterIT {
  /** What moves the commits of a leader in Ratis. */
  private static final String COMMITS = ".*@group-.*-LeaderStateImpl";

  @TempDir Path directory;
  private LiveCluster cluster;

  @RegisterExtension final Evidence evidence = Evidence.ofAll(() -> cluster);

  @AfterEach
  void end() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void itsHamMakesRoomAndNothingThatRunsNoticesIt() throws Exception {
    Needs.root();
    SoleProgram program = SoleProgram.in(directory);
    // On a busy machine a takeover may take longer than a lease of the default length has left.
    cluster = LiveCluster.start(directory, 3, "--lease", "10s");
    String leader = leader("a");
    String other = leader.equals("a") ? "b" : "a";
    LiveNode led = cluster.node(leader);
    led.ham().cluster().attach("web", program.command(""), on(leader));
    Start start = Operator.awaitStart(program, 1, leader);
    long guardian = led.awaitGuard();
    long ham = led.hamPid();

    Inflict.endOfThread(ham, COMMITS, directory);

    Cluster asked = cluster.node(other).ham().withTimeout(Duration.ofSeconds(60)).cluster();
    asked.attach("later", Command.of("/bin/sleep", "999"), on(other));
    Until.isTrue("the Guardian acts", () -> !Proc.isAlive(ham) && led.hamPid() == guardian);
    cluster.awaitVotes();
    assertThat(Proc.isAlive(start.pid())).isTrue();
    assertThat(program.last()).isEqualTo(start);
  }

  private static ClusterPolicy on(String node) {
    return new ClusterPolicy(List.of(node), ClusterPolicy.QuorumLoss.STOP, false);
  }

  /** As that node says it; empty: none. */
  private String leader(String by) throws InterruptedException {
    return cluster.node(by).ham().status().cluster().leader();
  }
}

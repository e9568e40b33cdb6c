package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Ack;
import io.hamlet.client.Ham;
import io.hamlet.manager.log.LogSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is registered on one node is on the disks of the others. */
class ReplicaIT {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path directory;

  @Test
  void whatIsAcknowledgedIsOnOtherDisksAlsoAfterATakeover() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      LiveNode a = cluster.node("a");
      LiveNode b = cluster.node("b");
      LiveNode c = cluster.node("c");
      Ham replica = a.ham().withAck(Ack.REPLICA).withTimeout(LONG);
      replica.entity("one");
      assertThat(onDisk(b) + onDisk(c)).isPositive();

      long dead = a.hamPid();
      a.kill(List.of(dead));
      Until.isTrue("a successor acts", () -> a.hamPid() != dead && a.hamPid() != 0);
      replica.entity("two");
      a.ham().withAck(Ack.MAJORITY).withTimeout(LONG).entity("three");
      long newest = Math.max(onDisk(b), onDisk(c));
      assertThat(newest).isGreaterThanOrEqualTo(4);
      Until.isTrue("both have it", () -> onDisk(b) >= newest && onDisk(c) >= newest);
    }
  }

  /** Index of the newest entry of a's tree that a voter's disk has. */
  @Test
  void aNodeThatLostItsDiskGetsItsTreeBack() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      LiveNode a = cluster.node("a");
      a.ham().withAck(Ack.MAJORITY).withTimeout(LONG).entity("kept");
      a.killEverything();
      for (Path log : List.of(a.state().resolve("log"), a.memory().resolve("log"))) {
        try (var files = Files.list(log)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
      }
      a.launch();
      Until.isTrue("it answers", () -> a.hamPid() != 0);
      assertThat(a.object("kept")).isNotNull();
    }
  }

  private static long onDisk(LiveNode voter) throws Exception {
    Path kept = voter.state().resolve("replicas/a");
    return Files.isDirectory(kept) ? LogSource.lying(kept).newest() : 0;
  }
}

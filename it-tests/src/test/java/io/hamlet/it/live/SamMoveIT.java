package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A supervised program of the cluster finds its data again wherever it runs next (sam.md 4.1). Each
 * instance adds its node to what it found, and stores that.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SamMoveIT {
  private static final String PROGRAM =
      """
      "$1" sam init && "$1" sam register > /dev/null || exit 9
      found=$("$1" sam restore)
      printf %s "$found$HAM_NODE" | "$1" sam store || exit 9
      "$1" sam start || exit 9
      echo "$HAM_NODE:$found:$("$1" sam size):$$" >> "$2/told"
      exec sleep 1000000
      """;

  @TempDir Path directory;
  private Path shared;

  @BeforeEach
  void share() throws IOException {
    Needs.root();
    shared = Files.createDirectory(directory.resolve("shared"));
  }

  @Test
  void itsDataGoesWithItByAMoveAndByALossAndStaysOverARestart() throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3)) {
      ClusterPolicy policy =
          new ClusterPolicy(List.of("a", "b", "c"), ClusterPolicy.QuorumLoss.STOP, false);
      String ham = LiveNode.program().toString();
      cluster
          .node("c")
          .ham()
          .cluster()
          .attach(
              "web", Command.of("/bin/sh", "-c", PROGRAM, "web", ham, shared.toString()), policy);
      awaitTold(1, "a::1:");
      cluster.node("c").ham().cluster().move("web", "b");
      long moved = awaitTold(2, "b:a:2:");
      Proc.signal("KILL", moved);
      awaitTold(3, "b:ab:3:");
      cluster.node("b").killEverything();
      awaitTold(4, "a:abb:4:");
    }
  }

  /** What that instance told, but for its pid at the end, which is the answer. */
  private long awaitTold(int instance, String what) {
    String line =
        Until.given(
            "instance " + instance + " tells of itself in " + shared,
            () -> lines().size() >= instance ? lines().get(instance - 1) : null);
    assertThat(line).startsWith(what);
    return Long.parseLong(line.substring(what.length()));
  }

  private List<String> lines() throws IOException {
    Path file = shared.resolve("told");
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    // The last line may be only half there.
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }
}

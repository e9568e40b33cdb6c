package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.Command;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.Ham;
import io.hamlet.client.recovery.Server;
import io.hamlet.client.recovery.Terms;
import io.hamlet.client.recovery.ham.HamServer;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * A redis of the cluster that is restarted and relocated under 64 threads. It listens elsewhere on
 * each node, so that a client must know where it runs; its data is on a disk that all nodes share.
 */
class HealingMoveIT {
  private static final String PROGRAM =
      """
      case $HAM_NODE in a) port=$3 ;; b) port=$4 ;; c) port=$5 ;; esac
      exec "$1" --port $port --bind 127.0.0.1 --dir "$2" --save '' \
        --appendonly yes --appendfsync always
      """;

  @TempDir Path directory;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private HamServer server;

  @BeforeEach
  void choosePorts() {
    Needs.root();
    for (String node : List.of("a", "b", "c")) {
      ports.put(node, Ports.freeRange());
    }
  }

  @Test
  void noIdempotentCallFailsAndNoOtherIsDoneTwice(TestReporter reporter) throws Exception {
    try (LiveCluster cluster = LiveCluster.start(directory, 3);
        Ham ham = anyOf(cluster).connectNode("*")) {
      attach(cluster);
      try (HamServer followed = HamServer.follow(ham, "store")) {
        server = followed;
        Server first = awaitRun("a", 0);
        RedisCallers callers = new RedisCallers(this::dial, Terms.USUAL.server(server));

        callers.awaitWork();
        Proc.signal("KILL", first.pid());
        Server restarted = awaitRun("a", first.token());

        callers.awaitWork();
        cluster.node("c").ham().cluster().move("store", "b");
        Server moved = awaitRun("b", restarted.token());

        callers.awaitWork();
        cluster.node("b").killEverything();
        Server relocated = awaitRun("a", moved.token());

        callers.awaitWork();
        assertThat(callers.end().recoveries()).isGreaterThanOrEqualTo(3);
        try (Redis direct = dial()) {
          callers.check(direct);
        }
        assertThat(ham.read("store", 0).objects().getFirst().token()).isEqualTo(relocated.token());
        reporter.publishEntry("calls", callers.toString());
      }
    }
  }

  /** A client of all nodes, so that the loss of one costs it nothing. */
  private static Ham anyOf(LiveCluster cluster) {
    return Ham.connect(cluster.nodes().stream().map(LiveNode::address).toArray(String[]::new));
  }

  private void attach(LiveCluster cluster) throws Exception {
    String redis = Needs.program("redis-server").toString();
    String data = Files.createDirectory(directory.resolve("shared")).toString();
    List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", PROGRAM, "store", redis, data));
    ports.values().forEach(port -> argv.add(port.toString()));
    ClusterPolicy policy =
        new ClusterPolicy(List.of("a", "b", "c"), ClusterPolicy.QuorumLoss.STOP, false);
    Entity store =
        cluster
            .node("c")
            .ham()
            .cluster()
            .attach("store", Command.of(argv), policy, Flag.OfEntity.KEEP_ON_DEATH);
    LiveTest.restarted(store);
  }

  /** To where it runs, as the context of a recovery knows it. */
  private Redis dial() throws Exception {
    Integer port = ports.get(server.now().node());
    if (port == null) {
      throw new ConnectException("it runs nowhere: " + server.now());
    }
    return Redis.dial(port);
  }

  /** Waits until the context knows of a start after that one, on that node. */
  private Server awaitRun(String node, long after) {
    return Until.given(
        "it runs on " + node + " with a token after " + after,
        () -> {
          Server now = server.now();
          boolean is =
              now.up() && now.node().equals(node) && Long.compareUnsigned(now.token(), after) > 0;
          return is ? now : null;
        });
  }
}

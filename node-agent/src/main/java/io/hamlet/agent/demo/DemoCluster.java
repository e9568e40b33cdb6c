package io.hamlet.agent.demo;

import io.hamlet.client.HamException;
import io.hamlet.client.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The nodes of the demo. Confined to one thread, but for {@link #end}. */
final class DemoCluster {
  /** A node owns so many ports of the bus (cli.md 2); we put its gRPC port there too. */
  private static final int PORTS = 10;

  private static final int GRPC = 8;
  private static final int TRIES = 100;
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private final List<DemoNode> nodes;

  private DemoCluster(List<DemoNode> nodes) {
    this.nodes = nodes;
  }

  /** Starts so many nodes and waits until they all answer, and know each other. */
  static DemoCluster start(Path program, int size) throws InterruptedException {
    List<String> names = IntStream.rangeClosed(1, size).mapToObj(i -> "demo-" + i).toList();
    DemoCluster cluster = new DemoCluster(new ArrayList<>());
    int base = freePorts(size * PORTS);
    try {
      for (int i = 0; i < size; i++) {
        List<String> network = size == 1 ? List.of("--listen", "none") : network(names, base, i);
        cluster.nodes.add(DemoNode.start(program, names.get(i), network));
      }
      for (DemoNode node : cluster.nodes) {
        node.awaitAnswer();
      }
      if (size > 1) {
        for (DemoNode node : cluster.nodes) {
          cluster.await(node, s -> whole(s, size), "does not see all " + size + " nodes up");
        }
      }
    } catch (DemoFailure e) {
      cluster.end();
      throw e;
    }
    return cluster;
  }

  private static boolean whole(Status status, int size) {
    return status.cluster() != null
        && status.cluster().quorate()
        && !status.cluster().leader().isEmpty()
        && status.cluster().members().stream().filter(m -> m.state().equals("up")).count() == size;
  }

  private static List<String> network(List<String> names, int base, int own) {
    String join =
        IntStream.range(0, names.size())
            .mapToObj(i -> "127.0.0.1:" + (base + i * PORTS))
            .collect(Collectors.joining(","));
    int port = base + own * PORTS;
    return List.of(
        "--cluster",
        "demo",
        "--bind",
        "127.0.0.1:" + port,
        "--join",
        join,
        "--voters",
        String.join(",", names),
        "--listen",
        "127.0.0.1:" + (port + GRPC));
  }

  /** The first of so many ports in a row that nobody has now. */
  private static int freePorts(int count) {
    for (int i = 0; i < TRIES; i++) {
      int base = ThreadLocalRandom.current().nextInt(12_000, 28_000) / PORTS * PORTS;
      if (IntStream.range(base, base + count).allMatch(DemoCluster::isFree)) {
        return base;
      }
    }
    throw new DemoFailure("there are no " + count + " free ports in a row on the loopback");
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort() == port;
    } catch (IOException e) {
      return false;
    }
  }

  int size() {
    return nodes.size();
  }

  DemoNode node(int index) {
    return nodes.get(index);
  }

  List<DemoNode> nodes() {
    return List.copyOf(nodes);
  }

  /** The status of a node once it is as wanted. */
  Status await(DemoNode node, Predicate<Status> wanted, String otherwise)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    String last = "";
    while (System.nanoTime() < end) {
      try {
        Status status = node.ham().status();
        if (wanted.test(status)) {
          return status;
        }
        last = String.valueOf(status.cluster());
      } catch (HamException e) {
        last = e.getMessage();
      }
      Thread.sleep(20);
    }
    throw new DemoFailure(
        node.name() + " " + otherwise + " (" + last + "); it said:\n" + node.output());
  }

  /** Ends all nodes and their entities; answers the processes that are still running. */
  List<Long> end() throws InterruptedException {
    List<Long> left = new ArrayList<>();
    for (DemoNode node : nodes) {
      left.addAll(node.end());
    }
    return left;
  }
}

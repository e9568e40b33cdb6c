package io.hamlet.it.live;

import io.hamlet.client.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Some nodes of one cluster, on loopback or on a host each, each as a user starts it; all of them
 * are voters. Not thread-safe.
 */
public final class LiveCluster implements AutoCloseable {
  /** Ports of a node on a host of its own: the first of the bus, and its API. */
  public static final int BUS = 4227;

  public static final int API = 4226;

  /** Of what a node tells while its voter is of no help to the others yet. */
  public static final String CATCHING_UP = "voter is still catching up";

  private static final AtomicInteger MADE = new AtomicInteger();

  private final String name =
      "test-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();

  /** Six managers that start at once on a small machine want their time. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final int ABREAST = 3;

  private final Map<String, LiveNode> nodes = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new LinkedHashMap<>();

  private LiveCluster() {}

  /**
   * Starts nodes named {@code a}, {@code b} and so on, and waits until each sees all of them, and
   * all have joined the cluster.
   *
   * @param options more of {@code ham run}, for each
   */
  public static LiveCluster start(Path directory, int count, String... options) {
    return start(directory, count, node -> List.of(), options);
  }

  /**
   * The same.
   *
   * @param before words before the command of a node, such as a namespace of its own
   */
  public static LiveCluster start(
      Path directory, int count, Function<String, List<String>> before, String... options) {
    LiveCluster cluster = prepare(directory, count, before, options);
    cluster.begin();
    return cluster;
  }

  /**
   * The same on a host each, the first ones.
   *
   * @param keys without which nothing goes off loopback
   */
  public static LiveCluster start(
      Hosts hosts, HostKeys keys, Path directory, int count, String... options) {
    String join = String.join(",", IntStream.range(0, count).mapToObj(hosts::address).toList());
    LiveCluster cluster = prepare(hosts, keys, directory, count, join, options);
    cluster.begin();
    return cluster;
  }

  /**
   * The same, with nothing started yet.
   *
   * @param join how they find each other, as {@code --join} takes it
   */
  public static LiveCluster prepare(
      Hosts hosts, HostKeys keys, Path directory, int count, String join, String... options) {
    LiveCluster cluster = new LiveCluster();
    List<Integer> all = IntStream.range(0, count).boxed().toList();
    String voters = String.join(",", all.stream().map(LiveCluster::nameOf).toList());
    for (int host : all) {
      List<String> words = new ArrayList<>(List.of("--cluster", cluster.name, "--voters", voters));
      words.addAll(List.of("--bind", hosts.address(host) + ":" + BUS, "--join", join));
      words.addAll(List.of("--listen", hosts.address(host) + ":" + API));
      words.addAll(keys.options());
      words.addAll(List.of(options));
      String node = nameOf(host);
      cluster.ports.put(node, BUS);
      cluster.nodes.put(
          node,
          LiveNode.prepare(
              directory.resolve(node), node, hosts.enter(host), words.toArray(String[]::new)));
    }
    return cluster;
  }

  private void begin() {
    try {
      // Three at a time: ten managers that start at once on four cores are in each other's way.
      List<LiveNode> all = nodes();
      for (int i = 0; i < all.size(); i += ABREAST) {
        List<LiveNode> some = all.subList(i, Math.min(i + ABREAST, all.size()));
        some.forEach(LiveNode::begin);
        some.forEach(LiveNode::awaitAnswer);
      }
      awaitAll("up");
      awaitWhole();
    } catch (RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  /** Of the nodes in their order, the first being 0. */
  public static String nameOf(int index) {
    return String.valueOf((char) ('a' + index));
  }

  /** The same, with nothing started yet. */
  public static LiveCluster prepare(Path directory, int count, String... options) {
    return prepare(directory, count, node -> List.of(), options);
  }

  private static LiveCluster prepare(
      Path directory, int count, Function<String, List<String>> before, String... options) {
    LiveCluster cluster = new LiveCluster();
    for (int i = 0; i < count; i++) {
      cluster.ports.put(nameOf(i), Ports.freeRange());
    }
    for (String node : cluster.ports.keySet()) {
      List<String> all = new ArrayList<>(cluster.options(node));
      all.addAll(List.of("--voters", String.join(",", cluster.ports.keySet())));
      all.addAll(List.of(options));
      cluster.nodes.put(
          node,
          LiveNode.prepare(
              directory.resolve(node), node, before.apply(node), all.toArray(String[]::new)));
    }
    return cluster;
  }

  /** What a node of this cluster is told of it, but for the voters. */
  public List<String> options(String node) {
    int port = ports.computeIfAbsent(node, n -> Ports.freeRange());
    String others = String.join(",", ports.values().stream().map(p -> "127.0.0.1:" + p).toList());
    return List.of("--cluster", name, "--bind", "127.0.0.1:" + port, "--join", others);
  }

  public String name() {
    return name;
  }

  public LiveNode node(String node) {
    return nodes.get(node);
  }

  public List<LiveNode> nodes() {
    return List.copyOf(nodes.values());
  }

  /** The first of the ten ports of that node. */
  public int port(String node) {
    return ports.get(node);
  }

  /** What a node knows of another, or null. */
  public Status.Member seen(String by, String node) throws InterruptedException {
    Status.Cluster cluster = node(by).ham().status().cluster();
    return cluster.members().stream().filter(m -> m.node().equals(node)).findFirst().orElse(null);
  }

  /** Waits until a node sees another in that state. */
  public void await(String by, String node, String state) {
    Until.isTrue(
        by + " sees " + node + " " + state,
        LIMIT,
        () -> seen(by, node) != null && seen(by, node).state().equals(state));
  }

  /** Waits until every node sees every other in that state, with HAM and Guardian when up. */
  public void awaitAll(String state) {
    for (String by : nodes.keySet()) {
      for (String node : nodes.keySet()) {
        await(by, node, state);
        if (state.equals("up")) {
          Until.isTrue(
              by + " sees the pair of " + node,
              LIMIT,
              () -> seen(by, node).hamPid() != 0 && seen(by, node).guardianPid() != 0);
        }
      }
    }
  }

  /**
   * Waits until each voter answers for leases: before that it is up, and yet of no help to the
   * others when one more is lost.
   */
  public void awaitVotes() {
    for (LiveNode node : nodes()) {
      Until.isTrue(
          node.name() + " counts as a voter",
          LIMIT,
          () -> node.ham().status().notices().stream().noneMatch(n -> n.contains(CATCHING_UP)));
    }
  }

  /**
   * Waits until a Guardian stands guard on that node, and all others hear it: only then it can
   * speak for the node at once when its HAM dies.
   */
  public void awaitGuard(String node) {
    long[] guard = new long[1];
    for (String by : nodes.keySet()) {
      Until.isTrue(
          by + " hears the Guardian of " + node,
          LIMIT,
          () -> {
            guard[0] = node(node).guardianPid();
            return guard[0] != 0 && seen(by, node).guardianPid() == guard[0];
          });
    }
  }

  /** Waits until every node knows of a leader, and of all the others as members. */
  public void awaitWhole() {
    nodes.keySet().forEach(this::awaitJoined);
  }

  /** Waits until a node is a member, and knows of a leader and of as many voters as we have. */
  public void awaitJoined(String node) {
    Until.isTrue(
        node + " knows a leader and all members",
        LIMIT,
        () -> {
          Status status = node(node).ham().status();
          Status.Cluster cluster = status.cluster();
          boolean whole =
              cluster.quorate()
                  && !cluster.leader().isEmpty()
                  && cluster.members().stream().filter(Status.Member::voter).count() == nodes.size()
                  && hasJoined(node);
          if (!whole) {
            throw new AssertionError(
                "it has joined: %s; it says %s and %s"
                    .formatted(hasJoined(node), status.notices(), cluster));
          }
          return true;
        });
  }

  private boolean hasJoined(String node) {
    return hasJoined(node(node));
  }

  /** True when the cluster has let it in, which it writes into its papers then. */
  public static boolean hasJoined(LiveNode node) {
    try {
      return Files.readString(node.state().resolve("cluster")).contains("joined true");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Ends every node and its entities, whatever state they are in; all at once. Who stops last would
   * wait in vain for a majority that hears its goodbye.
   */
  @Override
  public void close() {
    nodes.values().parallelStream().forEach(LiveNode::closeWithoutGoodbye);
  }
}

package io.hamlet.it.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Three nodes of one cluster with a basic HA daemon each, and one host that their checks look at.
 * Not thread-safe.
 *
 * <p>What is done is written to one file, {@code NODE WORDS} in a line; the second command waits
 * until it is let go.
 */
final class BasicCluster implements AutoCloseable {
  private static final String CHECKS =
      "[hosts]\ndb\n[local]\ncheck_db\n[options]\ninterval = 200ms\ntimeout = 1s\n";
  private static final String ACTIONS = "[slave_to_master]\nact one\nact two %MASTER%\nact three\n";

  private final Path directory;
  private final LiveCluster nodes;
  private final Map<String, BasicHome> homes = new LinkedHashMap<>();

  private BasicCluster(Path directory, LiveCluster nodes) {
    this.directory = directory;
    this.nodes = nodes;
  }

  /**
   * Starts all of it and waits until all daemons know the host as a slave.
   *
   * @param options more lines of {@code actions.conf}
   * @param ofNodes more options of {@code ham run}
   */
  static BasicCluster start(Path directory, String moreChecks, String options, String... ofNodes)
      throws Exception {
    BasicCluster cluster =
        new BasicCluster(directory, LiveCluster.start(directory.resolve("nodes"), 3, ofNodes));
    try {
      cluster.say("slave");
      for (LiveNode node : cluster.nodes.nodes()) {
        cluster.home(node, moreChecks, options);
      }
      for (BasicHome home : cluster.homes.values()) {
        home.start();
      }
      for (String node : cluster.homes.keySet()) {
        cluster.home(node).awaitState("db", "slave");
        cluster.awaitLeader(node);
      }
    } catch (Exception | AssertionError e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private void home(LiveNode node, String moreChecks, String options) throws IOException {
    BasicHome home = new BasicHome(directory.resolve("home-" + node.name()), node.name());
    home.options("--server=" + node.address());
    home.file("etc/checks.conf", CHECKS + moreChecks).file("etc/actions.conf", ACTIONS + options);
    home.script("checks/check_db", "cat " + said());
    String wait = "while [ $1 = two ] && [ ! -e " + directory + "/go ]; do sleep 0.05; done";
    home.script("actions/act", "echo \"$HAM_NODE $*\" >>" + acted() + "\n" + wait);
    homes.put(node.name(), home);
  }

  /** What each daemon says of itself, for people. */
  List<String> testimony() throws IOException {
    List<String> all = new ArrayList<>();
    for (String node : homes.keySet()) {
      all.add(node + ": " + home(node).status());
    }
    return all;
  }

  private Path said() {
    return directory.resolve("said");
  }

  private Path acted() {
    return directory.resolve("acted");
  }

  /** From now on all checks find that. */
  void say(String state) throws IOException {
    Path fresh = Files.writeString(directory.resolve("said.new"), state + "\n");
    Files.move(fresh, said(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  /** From now on the second command ends. */
  void letGo() throws IOException {
    if (!Files.exists(directory.resolve("go"))) {
      Files.createFile(directory.resolve("go"));
    }
  }

  /** What was done so far. */
  List<String> done() throws IOException {
    return Files.exists(acted()) ? Files.readAllLines(acted()) : List.of();
  }

  /** The same without the node that did it. */
  List<String> words() throws IOException {
    return done().stream().map(line -> line.substring(line.indexOf(' ') + 1)).toList();
  }

  /** Waits until one of these daemons tells of it, and says which. */
  String awaitTold(List<String> among, String event, String text) {
    return Until.given(
        "told: " + event + " " + text,
        () -> {
          for (String node : among) {
            if (home(node).told(event, text) > 0) {
              return node;
            }
          }
          return null;
        });
  }

  /** How often all daemons together have told of it. */
  long told(String event) throws IOException {
    long count = 0;
    for (BasicHome home : homes.values()) {
      count += home.told(event, "");
    }
    return count;
  }

  BasicHome home(String node) {
    return homes.get(node);
  }

  LiveNode node(String node) {
    return nodes.node(node);
  }

  /** The names of all nodes. */
  List<String> names() {
    return List.copyOf(homes.keySet());
  }

  private void awaitLeader(String node) {
    Until.isTrue(node + " knows who leads", () -> !"".equals(home(node).status().get("leader")));
  }

  /** A node whose daemon acts. */
  String acting() {
    return Until.given(
        "a daemon acts",
        () -> {
          for (String node : names()) {
            if (home(node).status().get("acts").equals(true)) {
              return node;
            }
          }
          return null;
        });
  }

  List<String> others(String node) {
    return names().stream().filter(n -> !n.equals(node)).toList();
  }

  /** As if its host had died: both managers, the launcher and the daemon. */
  void lose(String node) {
    home(node).kill();
    node(node).killEverything();
  }

  @Override
  public void close() throws IOException {
    try {
      letGo();
      for (BasicHome home : homes.values()) {
        home.close();
      }
    } finally {
      nodes.close();
      // What a killed node ran for its daemon outlives it, as it should.
      Proc.all()
          .filter(p -> Proc.commandLine(p).contains(directory + "/home-"))
          .forEach(p -> Proc.signal("KILL", p));
    }
  }
}

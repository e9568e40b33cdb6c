package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.ClusterPolicy;
import io.hamlet.client.TreeObject;
import io.hamlet.it.live.SoleProgram.Start;
import io.hamlet.it.live.Wounds.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three nodes on hosts of their own, a program that only one of them may run, and what is done to
 * them. Not thread-safe.
 */
final class Siege {
  private static final Logger LOG = LoggerFactory.getLogger(Siege.class);
  private static final int NODES = 3;

  private final Hosts hosts = Hosts.make(NODES);
  private final LiveCluster cluster;
  private final Wounds wounds;
  private final SoleProgram program;

  /** Words for {@code ham run} that depend on where it is to run. */
  interface Options {
    String[] of(Hosts hosts, SoleProgram program) throws Exception;
  }

  /**
   * @param lease as {@code --lease} takes it
   */
  Siege(Path directory, String lease) throws Exception {
    this(directory, lease, (hosts, program) -> new String[0]);
  }

  /**
   * The same.
   *
   * @param more options for each node
   */
  Siege(Path directory, String lease, Options more) throws Exception {
    try {
      program = SoleProgram.in(directory);
      HostKeys keys = HostKeys.make(directory.resolve("keys"));
      List<String> options = new ArrayList<>(List.of("--lease", lease));
      options.addAll(List.of(more.of(hosts, program)));
      cluster = LiveCluster.start(hosts, keys, directory, NODES, options.toArray(String[]::new));
    } catch (Exception | AssertionError e) {
      hosts.close();
      throw e;
    }
    wounds = new Wounds(hosts, cluster);
    cluster.node("a").ham().cluster().attach("web", program.command(""), ClusterPolicy.ANYWHERE);
    owner("");
  }

  /** A number that whoever runs the test may give. */
  static int number(String property, int usual) {
    String text = System.getProperty(property, "");
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : usual;
  }

  LiveCluster cluster() {
    return cluster;
  }

  SoleProgram program() {
    return program;
  }

  void befall(String node, Fault fault) {
    wounds.befall(node, fault);
  }

  /** No two voters can agree any more; each still hears the others in every other way. */
  void silenceConsensus() {
    wounds.silence(LiveCluster.BUS + 1);
  }

  /** Undoes what was done, waits until all are well again, and all know who runs it. */
  void heal() throws InterruptedException {
    wounds.heal();
    cluster.awaitAll("up");
    cluster.awaitVotes();
    for (LiveNode node : cluster.nodes()) {
      release(node);
    }
    Until.isTrue(
        "all know who runs it, and it is so",
        () -> {
          Start start = owner("");
          for (LiveNode node : cluster.nodes()) {
            TreeObject told = node.ham().connectNode("*").read("web", 0).objects().getFirst();
            assertThat(told.token()).as("%s", told).isEqualTo(start.token());
            assertThat(told.runsOn()).as("%s", told).isEqualTo(start.node());
          }
          return true;
        });
  }

  /**
   * The leash ends the managers of an owner that stands still, and who loses them for the third
   * time in a minute holds its effects until somebody does what it says (architecture.md 2).
   */
  private void release(LiveNode node) throws InterruptedException {
    if (node.ham().status().notices().stream().anyMatch(n -> n.contains("effects are held"))) {
      LOG.info("{} holds its effects; it is stopped and started", node.name());
      node.ham().stop();
      node.awaitEnd();
      node.launch();
      cluster.awaitAll("up");
      cluster.awaitVotes();
    }
  }

  /** Waits until it runs, and somewhere else than there. */
  Start owner(String notOn) {
    return Until.given(
        "it runs, and not on '" + notOn + "': " + program,
        () -> {
          Start now = program.running();
          return now == null || now.node().equals(notOn) ? null : now;
        });
  }

  void move(String node) throws Exception {
    // A refusal for want of a majority says: ask again.
    Until.isTrue(
        "it is moved to " + node,
        () -> {
          cluster.node(node).ham().cluster().move("web", node);
          return true;
        });
    Until.isTrue("it runs on " + node, () -> owner("").node().equals(node));
  }

  /** As two say it; waits until there is one. */
  String leader() {
    return Until.given(
        "there is a leader",
        () -> {
          String leader = leader("a");
          return leader.isEmpty() || !leader.equals(leader("b")) ? null : leader;
        });
  }

  /** As that node says it; empty: none. */
  String leader(String by) throws InterruptedException {
    return cluster.node(by).ham().status().cluster().leader();
  }

  /** The node behind that one, in a ring. */
  static String after(String node) {
    return LiveCluster.nameOf((Wounds.host(node) + 1) % NODES);
  }

  /** Leaves nothing, in whatever state it is. */
  void close() {
    wounds.heal();
    cluster.close();
    hosts.close();
  }
}

package io.hamlet.manager.api;

import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.manager.port.Directory;
import io.hamlet.v1.HamGrpc;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides which manager answers a request. Thread-safe. */
final class Routes {
  private static final int MOST_NAMES = 16;

  /** What a replica can answer as well as the writer of the tree. */
  private static final Set<String> LOOKS =
      Set.of(
          HamGrpc.getReadMethod().getFullMethodName(),
          HamGrpc.getGetHandleMethod().getFullMethodName(),
          HamGrpc.getWatchMethod().getFullMethodName(),
          HamGrpc.getWhyMethod().getFullMethodName());

  /** What the kernel must say about the caller, so that only its own host can do it (ham.md 8). */
  private static final Set<String> OF_OWN_HOST =
      Set.of(
          HamGrpc.getAttachSelfMethod().getFullMethodName(),
          HamGrpc.getPulsesMethod().getFullMethodName());

  /** What the leader of the voters does itself; all else of the cluster is proposed anywhere. */
  private static final String OF_LEADER = HamGrpc.getSetVoterMethod().getFullMethodName();

  private final Trees trees;
  private final Cluster cluster;

  Routes(Trees trees, Cluster cluster) {
    this.trees = trees;
    this.cluster = cluster;
  }

  /**
   * Where a request goes; throws Refused when nobody can answer it.
   *
   * @param node as its header has it
   * @param method its full name
   * @param from the node that has sent it on; empty: a client
   * @return null: it is answered here
   */
  Directory.Node of(String node, String method, String from) {
    if (node.equals(Trees.CLUSTER)) {
      return OF_LEADER.equals(method) && from.isEmpty() ? leader() : null;
    }
    if (trees.isOwn(node)) {
      return null;
    }
    Directory.Node wanted = cluster.directory().node(node);
    if (wanted == null) {
      throw unknown(node, cluster.directory());
    }
    if (OF_OWN_HOST.contains(method)) {
      throw Refused.invalid(
          "header.node: a process attaches itself, and opens channels, on the node where it runs;"
              + " ask the manager of that node, without naming one");
    }
    boolean looks = looks(method);
    if (!from.isEmpty()) {
      return looks && cluster.replicas().of(node) != null ? null : refuseSecondHop(wanted, from);
    }
    if (wanted.state() == Directory.State.UP) {
      return reachable(wanted);
    }
    if (!looks) {
      throw gone(wanted, "nothing was changed");
    }
    return cluster.replicas().of(node) != null ? null : keeperOf(wanted);
  }

  /**
   * Where all trees are watched; throws Refused when nobody has them.
   *
   * @param from the node that has sent it on; empty: a client
   * @return null: here
   */
  Directory.Node ofAll(String from) {
    Directory.Node here = cluster == null ? null : cluster.directory().node(trees.node());
    if (here == null || here.voter()) {
      return null;
    }
    return from.isEmpty() ? keeperOf(here) : refuseSecondHop(here, from);
  }

  /** Whether a replica can answer that, so that asking again may help when its node is gone. */
  static boolean looks(String method) {
    return LOOKS.contains(method);
  }

  /** Null: it is this node, or nobody knows one; then that is said here. */
  private Directory.Node leader() {
    String leader = cluster == null ? "" : cluster.directory().about().leader();
    Directory.Node there = trees.isOwn(leader) ? null : cluster.directory().node(leader);
    return there == null || there.state() != Directory.State.UP ? null : reachable(there);
  }

  /** True while that node can be expected to answer where it did. */
  boolean isUp(Directory.Node node) {
    Directory.Node now = cluster.directory().node(node.name());
    return now != null && now.state() == Directory.State.UP && now.address().equals(node.address());
  }

  /** Why a node cannot be asked now. */
  String trouble(String node) {
    Directory.Node now = cluster.directory().node(node);
    if (now == null) {
      return "node " + node + " is in the cluster no more";
    }
    return switch (now.state()) {
      case UP -> "the manager of node " + node + " at " + now.address() + " does not answer";
      case LEAVING -> "node " + node + " was stopped; start it there (ham run)";
      case LOST -> "node " + node + " is lost";
    };
  }

  static Refused unknown(String node, Directory directory) {
    List<Directory.Node> nodes = directory.nodes();
    String names =
        nodes.stream()
            .limit(MOST_NAMES)
            .map(Directory.Node::name)
            .collect(Collectors.joining(", "));
    return new Refused(
        Rejection.Reason.NOT_FOUND,
        "there is no node '"
            + node
            + "'; the cluster has "
            + names
            + (nodes.size() > MOST_NAMES ? ", ..." : ""));
  }

  private Refused gone(Directory.Node node, String outcome) {
    return new Refused(
        Rejection.Reason.UNAVAILABLE,
        trouble(node.name()) + "; " + outcome + "; try again when it is back (ham status)");
  }

  private Directory.Node reachable(Directory.Node node) {
    if (node.address().isEmpty()) {
      throw new Refused(
          Rejection.Reason.UNAVAILABLE,
          "it is not known yet where the manager of node " + node.name() + " listens; try again");
    }
    return node;
  }

  /** A voter has a replica of every tree. */
  private Directory.Node keeperOf(Directory.Node lost) {
    return cluster.directory().nodes().stream()
        .filter(n -> n.voter() && n.state() == Directory.State.UP)
        .filter(n -> !n.name().equals(trees.node()) && !n.address().isEmpty())
        .findFirst()
        .orElseThrow(() -> gone(lost, "no voter that has its tree can be asked"));
  }

  private Directory.Node refuseSecondHop(Directory.Node wanted, String from) {
    throw new Refused(
        Rejection.Reason.UNAVAILABLE,
        "node "
            + from
            + " took node "
            + trees.node()
            + " for node "
            + wanted.name()
            + "; the addresses are changing, try again");
  }
}

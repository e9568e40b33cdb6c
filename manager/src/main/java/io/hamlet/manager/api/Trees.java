package io.hamlet.manager.api;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.manager.port.Directory;
import io.hamlet.manager.port.Fencing;
import io.hamlet.manager.port.Replicas;
import io.hamlet.manager.port.Requests;
import java.util.Set;
import java.util.TreeSet;

/** The trees that are here: this node's, the cluster's, and replicas of lost ones. Thread-safe. */
final class Trees {
  /** Names the cluster tree. */
  static final String CLUSTER = "*";

  private final Requests own;
  private final Cluster cluster;

  Trees(Acting parts) {
    this.own = parts.requests();
    this.cluster = parts.cluster();
  }

  /** The name of this node. */
  String node() {
    return own.state().node();
  }

  boolean isOwn(String node) {
    return node.isEmpty() || node.equals(node());
  }

  /** Of all trees that there are. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(Set.of(node()));
    if (cluster != null) {
      cluster.directory().nodes().forEach(node -> names.add(node.name()));
      if (cluster.tree() != null) {
        names.add(CLUSTER);
      }
    }
    return names;
  }

  /** The tree of one of {@link #names}, or null while it is not here. */
  Tree ifHere(String name) {
    boolean here = isOwn(name) || name.equals(CLUSTER) || cluster.replicas().of(name) != null;
    return here ? look(name) : null;
  }

  /** Calls back, on any thread and quickly, when there are others; close to end it. */
  AutoCloseable onChange(Runnable bell) {
    if (cluster == null) {
      return () -> {};
    }
    AutoCloseable nodes = cluster.directory().onChange(bell);
    AutoCloseable replicas = cluster.replicas().onArrival(bell);
    return () -> {
      nodes.close();
      replicas.close();
    };
  }

  /** Where a tree is changed; throws Refused when that is not here. */
  Requests desk(String node) {
    if (isOwn(node)) {
      return own;
    }
    if (node.equals(CLUSTER)) {
      return clusterTree();
    }
    throw notHere(node);
  }

  /** A tree to look at; throws Refused when it is not here. */
  Tree look(String node) {
    if (isOwn(node) || node.equals(CLUSTER)) {
      Requests desk = desk(node);
      return new Tree(desk.state(), desk.history(), "");
    }
    Replicas.Tree replica = cluster == null ? null : cluster.replicas().of(node);
    if (replica == null) {
      throw notHere(node);
    }
    return new Tree(
        replica.state(),
        replica.history(),
        "node "
            + node
            + " does not answer; this is its tree as node "
            + node()
            + " last heard of it");
  }

  /** Refuses a node that nobody has heard of. */
  void checkKnown(String node) {
    boolean known = isOwn(node) || (cluster != null && cluster.directory().node(node) != null);
    if (!known) {
      throw notHere(node);
    }
  }

  /** All that the voters agree on; throws Refused when that is not known here. */
  ClusterState clusterState() {
    clusterTree();
    return cluster.state().get();
  }

  /** How nodes of the cluster are turned off. */
  Fencing fencing() {
    return cluster == null ? Fencing.NONE : cluster.fencing();
  }

  private Requests clusterTree() {
    if (cluster == null) {
      throw new Refused(
          Rejection.Reason.NOT_FOUND,
          "there is no cluster tree here: node " + node() + " is in no cluster");
    }
    if (cluster.tree() == null) {
      throw new Refused(
          Rejection.Reason.UNAVAILABLE,
          "the cluster tree is not kept on node " + node() + "; ask a voter");
    }
    return cluster.tree();
  }

  /** What is routed elsewhere does not come here, so nobody has it. */
  private Refused notHere(String node) {
    if (cluster == null) {
      return new Refused(
          Rejection.Reason.NOT_FOUND,
          "there is no node '" + node + "' here; this is " + node() + ", which is in no cluster");
    }
    Directory.Node known = cluster.directory().node(node);
    return known == null
        ? Routes.unknown(node, cluster.directory())
        : new Refused(
            Rejection.Reason.UNAVAILABLE,
            "the tree of node " + node + " is not on node " + node() + "; try again");
  }
}

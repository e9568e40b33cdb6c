package io.hamlet.agent.cluster;

import static java.util.stream.Collectors.joining;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.FenceRule;
import io.hamlet.core.cluster.Hold;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** What of its cluster works and yet will not help when it is needed, each with what to do. */
final class Advice {
  private Advice() {}

  /**
   * @param node that is to say it
   * @param own terms of that node
   */
  static List<String> of(ClusterState cluster, String node, Terms own) {
    List<String> all = new ArrayList<>();
    if (cluster.voters().size() == 2) {
      all.add(
          "two voters outlive the loss of none: with one of them lost nothing is decided or moved;"
              + " add a third, which may be a witness (--capacity 0, ham voter add)");
    }
    String others =
        cluster.nodes().values().stream()
            .filter(n -> n.standing() != Node.Standing.LEFT && !n.name().equals(node))
            .filter(n -> n.terms().lease() != 0 && n.terms().lease() != own.lease())
            .map(n -> n.name() + " " + Duration.ofNanos(n.terms().lease()).toMillis() + " ms")
            .collect(joining(", "));
    if (!others.isEmpty()) {
      all.add(
          "leases differ: "
              + others
              + ", this node "
              + Duration.ofNanos(own.lease()).toMillis()
              + " ms; who has a longer one is missed later, and what it ran runs elsewhere later;"
              + " unless you are changing it node by node, give all the same --lease");
    }
    FenceRule rule = cluster.fencing();
    if (rule != own.fencing() && cluster.voters().containsKey(node)) {
      all.add(
          "fencing differs: the cluster goes by the strictest, "
              + words(rule)
              + " ("
              + those(cluster, n -> n.terms().fencing() == rule)
              + "), and this node was told "
              + words(own.fencing())
              + "; whoever leads must be able to turn nodes off: give all the same");
    }
    cluster.nodes().values().stream()
        .filter(n -> n.standing() == Node.Standing.UP)
        .forEach(n -> ofEarlierBoots(cluster, n, all));
    return all;
  }

  /** No lease ends what is kept, and no rejoin proves that it has ended: a person has to say so. */
  private static void ofEarlierBoots(ClusterState cluster, Node node, List<String> all) {
    String held =
        cluster.tenures().values().stream()
            .filter(t -> t.policy().keeps() || t.hold() instanceof Hold.Stuck)
            .filter(t -> t.isFromBeforeBootOf(node))
            .map(t -> "'" + t.entity() + "'")
            .collect(joining(", "));
    if (!held.isEmpty()) {
      all.add(
          "'%s' holds %s from before it was booted, and nobody starts that without a proof that it"
                  .formatted(node.name(), held)
              + " has ended; when it has for certain, say 'ham fence confirm "
              + node.name()
              + "'");
    }
  }

  private static String those(ClusterState cluster, Predicate<Node> of) {
    return cluster.nodes().values().stream().filter(of).map(Node::name).collect(joining(", "));
  }

  private static String words(FenceRule rule) {
    return rule.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

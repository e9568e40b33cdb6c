package io.hamlet.agent.cluster;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What of its cluster works and yet will not help when it is needed, each with what to do. */
final class Advice {
  private Advice() {}

  /**
   * @param node that is to say it
   * @param lease of that node, nanoseconds
   */
  static List<String> of(ClusterState cluster, String node, long lease) {
    List<String> all = new ArrayList<>();
    if (cluster.voters().size() == 2) {
      all.add(
          "two voters outlive the loss of none: with one of them lost nothing is decided or moved;"
              + " add a third, which may be a witness (--capacity 0, ham voter add)");
    }
    String others =
        cluster.nodes().values().stream()
            .filter(n -> n.standing() != Node.Standing.LEFT && !n.name().equals(node))
            .filter(n -> n.lease().told() != 0 && n.lease().told() != lease)
            .map(n -> n.name() + " " + Duration.ofNanos(n.lease().told()).toMillis() + " ms")
            .collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      all.add(
          "leases differ: "
              + others
              + ", this node "
              + Duration.ofNanos(lease).toMillis()
              + " ms; who has a longer one is missed later, and what it ran runs elsewhere later;"
              + " unless you are changing it node by node, give all the same --lease");
    }
    return all;
  }
}

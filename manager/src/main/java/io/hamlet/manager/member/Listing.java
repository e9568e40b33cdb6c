package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Node;
import io.hamlet.manager.port.Directory;
import io.hamlet.manager.port.Member;
import java.util.List;
import java.util.TreeMap;

/** What is known of the nodes by the cluster's tree and by the view of the bus, as one list. */
final class Listing {
  private Listing() {}

  /** By name. */
  static List<Directory.Node> of(ClusterState state, List<Member> view) {
    TreeMap<String, Directory.Node> nodes = new TreeMap<>();
    for (Node node : state.nodes().values()) {
      nodes.put(
          node.name(),
          one(node.name(), standing(node.standing()), node.address(), node.incarnation(), state));
    }
    for (Member member : view) {
      // On its way in, perhaps: it can be reached, and that is all that is known.
      Directory.Node known =
          nodes.getOrDefault(
              member.node(),
              one(
                  member.node(),
                  Directory.State.UP,
                  member.address(),
                  member.incarnation(),
                  state));
      nodes.put(member.node(), seen(known, member));
    }
    return List.copyOf(nodes.values());
  }

  private static Directory.Node one(
      String name, Directory.State standing, String address, long incarnation, ClusterState state) {
    boolean voter = state.voters().containsKey(name);
    return new Directory.Node(name, standing, voter, 0, 0, address, incarnation);
  }

  private static Directory.Node seen(Directory.Node n, Member member) {
    boolean ham = member.role() == Member.Role.HAM;
    boolean serves = ham && !member.address().isEmpty();
    return new Directory.Node(
        n.name(),
        n.state(),
        n.voter(),
        ham ? member.pid() : n.hamPid(),
        ham ? n.guardianPid() : member.pid(),
        serves ? member.address() : n.address(),
        n.incarnation());
  }

  private static Directory.State standing(Node.Standing standing) {
    return switch (standing) {
      case UP -> Directory.State.UP;
      case LEFT -> Directory.State.LEAVING;
      case LOST -> Directory.State.LOST;
    };
  }
}

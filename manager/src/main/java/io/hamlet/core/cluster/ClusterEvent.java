package io.hamlet.core.cluster;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Proof;
import io.hamlet.core.recovery.HamEvent;
import java.util.List;
import java.util.TreeMap;

/**
 * All that can happen to a cluster. Each says what it expects to find, so that one committed twice,
 * or too late, does nothing.
 */
public sealed interface ClusterEvent {
  /** The cluster begins. Its first entry, and only that. */
  record Founded(String id, List<Voter> voters) implements ClusterEvent {
    public Founded {
      voters = List.copyOf(voters);
    }
  }

  /**
   * A voter.
   *
   * @param address of its consensus
   */
  record Voter(String node, String address) {}

  /**
   * A node starts.
   *
   * @param expected the last incarnation it knows of itself; its new one is the next
   * @param start drawn at this start
   */
  record Joined(String node, String boot, String stateId, long start, String address, long expected)
      implements ClusterEvent {}

  /** It was stopped in good order. */
  record Left(String node, long incarnation) implements ClusterEvent {}

  /**
   * It is heard no more by a majority.
   *
   * @param since of the standing that ends
   * @param epoch of its newest entry that any voter asked has
   * @param place index of that entry
   * @param graft its entities that care, as {@link Grafts#of} cuts them
   */
  record Lost(
      String node,
      long incarnation,
      long since,
      long epoch,
      long place,
      Proof proof,
      List<Entity> graft)
      implements ClusterEvent {
    public Lost {
      graft = List.copyOf(graft);
    }
  }

  /** More is known of a lost node. */
  record Proved(String node, long loss, Proof proof) implements ClusterEvent {}

  /** A lost node is heard again, and it is the same start. */
  record Heard(String node, long incarnation, long loss) implements ClusterEvent {}

  /** An operator wants it listed no more. */
  record Forgotten(String node) implements ClusterEvent {}

  /** The consensus has another set of voters. */
  record VotersChanged(List<Voter> voters) implements ClusterEvent {
    public VotersChanged {
      voters = List.copyOf(voters);
    }
  }

  /** A voter leads and performs from here on. */
  record Led(String node, long term, long pid) implements ClusterEvent {}

  /** Something happens to the tree, or an effect of a tree is answered. */
  record Tree(HamEvent event) implements ClusterEvent {}

  /** By name. */
  static TreeMap<String, String> byName(List<Voter> voters) {
    TreeMap<String, String> map = new TreeMap<>();
    voters.forEach(v -> map.put(v.node(), v.address()));
    return map;
  }
}

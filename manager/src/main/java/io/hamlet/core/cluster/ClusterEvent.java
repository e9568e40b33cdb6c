package io.hamlet.core.cluster;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RequestId;
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
   * @param capacity so many entities of the cluster it takes, see {@link Node.Duty}
   * @param terms on which it holds what it runs for the cluster
   */
  record Joined(
      String node,
      String boot,
      String stateId,
      long start,
      String address,
      long expected,
      int capacity,
      Terms terms)
      implements ClusterEvent {}

  /** It was stopped in good order: what it ran for the cluster it has stopped before. */
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
  record Forgotten(String node) implements Wish {}

  /** The consensus has another set of voters. */
  record VotersChanged(List<Voter> voters) implements ClusterEvent {
    public VotersChanged {
      voters = List.copyOf(voters);
    }
  }

  /** A voter leads and performs from here on. */
  record Led(String node, long term, long pid) implements ClusterEvent {}

  /**
   * What an operator wants. Committed by itself, as before wishes were named, it is done as often
   * as it is committed.
   */
  sealed interface Wish extends ClusterEvent {}

  /** A wish is asked for under that id: done once, and answered as often as it is asked for. */
  record Wished(RequestId id, Wish wish) implements ClusterEvent {}

  /** About rights to run. */
  sealed interface OfTenure extends ClusterEvent {}

  /** A lost node gets no lease any more, so that what it ran for the cluster can be moved. */
  record Fenced(String node, long incarnation) implements OfTenure {}

  /**
   * Nothing that this start of a node, or an older one, was granted runs any more; what was stuck
   * may, if the proof is no more than a lease. Fences it too. What is free by that is placed in the
   * same entry.
   *
   * @param all false: those with quorum-loss {@code keep} may run on
   * @param avoid nodes that get nothing of it: the leader hears nothing of them
   */
  record Ended(String node, long incarnation, Proof proof, boolean all, List<String> avoid)
      implements OfTenure {
    public Ended {
      avoid = List.copyOf(avoid);
    }

    /** True when that is the end of it. */
    public boolean frees(Tenure tenure) {
      boolean mayRun =
          tenure.policy().keeps() && !all
              || tenure.hold() instanceof Hold.Stuck && proof == Proof.LEASE;
      return tenure.isHeldBy(node, incarnation) && !mayRun;
    }
  }

  /** An operator vouches that a lost node is down, or earlier boots of one that is up. */
  record Vouched(String node) implements Wish {}

  /**
   * A tenant has stopped an entity, and gives its grant back.
   *
   * @param detail for people; may be empty
   */
  record Released(Name entity, long grant, Tenure.Release why, String detail) implements OfTenure {}

  /** A tenant should have stopped an entity, and could not. */
  record GaveStuck(Name entity, long grant, String why) implements OfTenure {}

  /** A tenant says how an entity is. */
  record Reported(Name entity, Tenure.Report report) implements OfTenure {}

  /** A node has another leash; what is started after this is committed is covered by it. */
  record Leashed(String node, Leash leash) implements OfTenure {}

  /** An operator wants an entity to run on that node. */
  record Moved(Name entity, String to) implements Wish {}

  /** An operator wants a node to run nothing for the cluster; or everything again. */
  record Standby(String node, boolean on) implements Wish {}

  /** An operator wants a node to be empty, and nothing to be down for that. */
  record Drained(String node) implements Wish {}

  /** Somebody begins to work on something, or has another reason or end for it. */
  record MaintenanceSet(Maintenance maintenance) implements Wish {}

  /** That work is done. */
  record MaintenanceCleared(Maintenance.Key key) implements Wish {}

  /** About rights to lead. */
  sealed interface OfChair extends ClusterEvent {}

  /**
   * A program leads under a name, or goes on.
   *
   * @param holder drawn for each time it wants to begin
   * @param turn 1: it wants to begin; more: it renews, and each is higher than the last
   * @param spanNanos so long after it has sent this it may believe in it
   * @param who for people
   */
  record Claimed(Name name, long holder, long turn, long spanNanos, String who) implements OfChair {
    public Claimed {
      Chair.check(turn, spanNanos, who);
    }
  }

  /** It leads no more, by its own word. */
  record Vacated(Name name, long holder) implements OfChair {}

  /**
   * It has not renewed for so long that it must have stopped.
   *
   * @param renewed the entry with which it did last
   */
  record Lapsed(Name name, long renewed) implements OfChair {}

  /** Something happens to the tree, or an effect of a tree is answered. */
  record Tree(HamEvent event) implements ClusterEvent {}

  /** By name. */
  static TreeMap<String, String> byName(List<Voter> voters) {
    TreeMap<String, String> map = new TreeMap<>();
    voters.forEach(v -> map.put(v.node(), v.address()));
    return map;
  }
}

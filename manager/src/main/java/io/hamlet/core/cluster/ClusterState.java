package io.hamlet.core.cluster;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.HamState;
import java.util.ArrayList;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * All that the voters agree on. Immutable and safe to share; every map has one fixed order.
 *
 * @param id of the cluster, drawn when it was founded; empty before
 * @param last index of the entry that led here
 * @param told the newest happening that was told; {@link HamState#NOTHING_TOLD} before the first
 * @param now the newest moment; it never goes back, whatever the clocks of the leaders say
 * @param reign who performs what the trees want done
 * @param voters by name, with the address of each one's consensus
 * @param votersSince the entry with which they vote; 0: nobody does yet
 * @param nodes by name
 * @param tree the tree {@code *}
 * @param grafts by the number of the loss
 * @param tenures who runs the entities that are defined in the tree, by name
 * @param maintenances that are going on
 * @param chairs the rights to lead that programs have, by name
 * @param forgotten the highest incarnation of all nodes that were forgotten; whoever comes by a
 *     name that is not known gets a higher one, since some may remember the one before
 */
public record ClusterState(
    String id,
    long last,
    EffectId told,
    Moment now,
    Reign reign,
    TreePMap<String, String> voters,
    long votersSince,
    TreePMap<String, Node> nodes,
    HamState tree,
    TreePMap<Long, Graft> grafts,
    TreePMap<Name, Tenure> tenures,
    TreePMap<Maintenance.Key, Maintenance> maintenances,
    TreePMap<Name, Chair> chairs,
    long forgotten) {
  /** Most nodes a cluster has, lost ones included. */
  public static final int MOST_NODES = 1_000;

  /** So many losses may have work under way. */
  public static final int MOST_GRAFTS = 256;

  /**
   * Of one leader.
   *
   * @param node empty: nobody yet
   * @param term of the consensus
   */
  public record Reign(String node, long term) {
    public static final Reign NONE = new Reign("", 0);
  }

  /** Before the first entry. */
  public static ClusterState empty(Limits limits) {
    return new ClusterState(
        "",
        0,
        HamState.NOTHING_TOLD,
        Moment.ZERO,
        Reign.NONE,
        TreePMap.empty(),
        0,
        TreePMap.empty(),
        HamState.empty(HamState.CLUSTER, limits),
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        TreePMap.empty(),
        0);
  }

  /** The newest incarnation of that name; 0: nobody ever had it. */
  public long incarnation(String node) {
    Node known = nodes.get(node);
    return known == null ? 0 : known.incarnation();
  }

  /** When to say TimePassed, on the clock of {@link #now}; Long.MAX_VALUE: never. */
  public long nextDeadline() {
    long nearest = tree.nextDeadline();
    for (Graft graft : grafts.values()) {
      nearest = Math.min(nearest, graft.tree().nextDeadline());
    }
    for (Maintenance maintenance : maintenances.values()) {
      nearest = Math.min(nearest, maintenance.until());
    }
    return nearest;
  }

  /** What that start of a node, and older ones of it, may be running for the cluster, by name. */
  public List<Tenure> heldBy(String node, long incarnation) {
    List<Tenure> held = new ArrayList<>();
    for (Tenure tenure : tenures.values()) {
      if (tenure.isHeldBy(node, incarnation)) {
        held.add(tenure);
      }
    }
    return List.copyOf(held);
  }

  /** The strictest rule of all nodes, lost ones included: who leads goes by it. */
  public FenceRule fencing() {
    FenceRule strictest = FenceRule.NONE;
    for (Node node : nodes.values()) {
      FenceRule rule = node.terms().fencing();
      strictest = rule.compareTo(strictest) > 0 ? rule : strictest;
    }
    return strictest;
  }

  /** The maintenance because of which it stays where it is, the first of them; null: none. */
  public Maintenance maintenanceOf(Tenure tenure) {
    return maintenancesOf(tenure).stream().findFirst().orElse(null);
  }

  /** All maintenances because of which it stays where it is. */
  public List<Maintenance> maintenancesOf(Tenure tenure) {
    return maintenances.values().stream().filter(m -> m.covers(tenure)).toList();
  }

  /** The tree that this effect belongs to: 0 for {@code *}, else the number of a loss. */
  public HamState treeOf(long graft) {
    if (graft == 0) {
      return tree;
    }
    Graft found = grafts.get(graft);
    return found == null ? null : found.tree();
  }
}

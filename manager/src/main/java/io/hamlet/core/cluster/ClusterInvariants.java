package io.hamlet.core.cluster;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Invariants;
import java.util.ArrayList;
import java.util.List;

/**
 * What holds of every state that entries can lead to. A snapshot that breaks any of it is not to be
 * trusted; the tests ask after each step.
 */
public final class ClusterInvariants {
  private final ClusterState state;
  private final List<String> faults = new ArrayList<>();

  private ClusterInvariants(ClusterState state) {
    this.state = state;
  }

  /** The broken invariants in words; empty for a sound state. */
  public static List<String> faults(ClusterState state) {
    ClusterInvariants check = new ClusterInvariants(state);
    check.membership();
    check.tree("*", state.tree());
    state.grafts().forEach(check::graft);
    state.tenures().forEach(check::tenure);
    check.definitions();
    state.maintenances().forEach((key, m) -> check.that(key.equals(m.key()), key + " is another"));
    check.that(state.maintenances().size() <= Maintenance.MOST, "too many maintenances");
    state.chairs().forEach(check::chair);
    check.that(state.chairs().size() <= Chair.MOST, "too many leaders");
    return List.copyOf(check.faults);
  }

  private void membership() {
    that(
        state.id().isEmpty() == state.voters().isEmpty(), "founded without voters, or the reverse");
    that(!state.id().isEmpty() || state.nodes().isEmpty(), "nodes of no cluster");
    that(state.nodes().size() <= ClusterState.MOST_NODES, "too many nodes");
    state
        .nodes()
        .forEach(
            (name, node) -> {
              that(node.name().equals(name), name + " is filed under another name");
              that(node.incarnation() > 0, name + " has no incarnation");
              that(node.since() <= state.last(), name + " stands so since a later entry");
              boolean lost = node.standing() == Node.Standing.LOST;
              that(lost == (node.loss() != null), name + " is lost without a loss, or the reverse");
              that(
                  !lost || node.loss().number() == node.since(),
                  name + " is lost since another entry than its loss");
            });
  }

  private void graft(long number, Graft graft) {
    that(number <= state.last() && number > 0, "a graft of a loss to come: " + number);
    Node node = state.nodes().get(graft.node());
    boolean stillLost = node != null && node.loss() != null && node.loss().number() == number;
    that(stillLost || !graft.isIdle(), "graft " + number + " is idle and its node is back");
    tree("graft " + number, graft.tree());
    that(state.grafts().size() <= ClusterState.MOST_GRAFTS, "too many grafts");
  }

  private void tenure(Name name, Tenure tenure) {
    that(tenure.entity().equals(name), name + " is filed under another name");
    that(tenure.version() <= state.last(), name + " was changed by a later entry");
    Hold hold = tenure.hold();
    Entity definition = state.tree().entities().get(name);
    boolean defined = definition != null && definition.spec() != null;
    that(defined || hold.isOut(), name + " is defined nowhere, and nobody has it");
    that(defined || !(hold instanceof Hold.Granted), name + " is granted, and defined nowhere");
    if (hold.isOut()) {
      Node node = state.nodes().get(hold.node());
      that(node != null, name + " is held by '" + hold.node() + "', which is not there");
      that(
          node != null && hold.incarnation() > 0 && hold.incarnation() <= node.incarnation(),
          name + " is held by a start to come");
      that(hold.grant() <= state.last(), name + " is held by a grant to come");
    }
  }

  private void chair(Name name, Chair chair) {
    that(chair.name().equals(name), name + " is led under another name");
    that(
        chair.grant() > 0 && chair.grant() <= chair.renewed() && chair.renewed() <= state.last(),
        name + " is led since an entry to come");
  }

  private void definitions() {
    for (Entity entity : state.tree().everyEntity()) {
      that(
          entity.spec() == null || state.tenures().containsKey(entity.name()),
          entity.name() + " is defined, and nobody can have it");
      that(entity.life() instanceof Life.None, entity.name() + " lives in the cluster tree");
    }
  }

  private void tree(String whose, HamState tree) {
    that(tree.isOfCluster(), whose + " is a node's own tree");
    that(tree.boot().equals(state.reign().node()), whose + " has another leader");
    Invariants.faults(tree).forEach(fault -> faults.add(whose + ": " + fault));
  }

  private void that(boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }
}

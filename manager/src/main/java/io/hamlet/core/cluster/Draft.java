package io.hamlet.core.cluster;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Client;
import io.hamlet.core.recovery.Clients;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Happening;
import io.hamlet.core.recovery.Reply;
import io.hamlet.core.recovery.Step;
import java.util.ArrayList;
import java.util.List;
import org.pcollections.TreePMap;

/**
 * The workbench of one entry: the state being changed and the effects being collected. Lives no
 * longer than the step.
 */
final class Draft {
  private final ClusterState before;
  private final long index;
  private final Moment at;
  private final ClusterEvent event;
  private final List<Effect> effects = new ArrayList<>();
  private String id;
  private ClusterState.Reign reign;
  private TreePMap<String, String> voters;
  private long votersSince;
  private TreePMap<String, Node> nodes;
  private HamState tree;
  private TreePMap<Long, Graft> grafts;
  private TreePMap<Name, Tenure> tenures;
  private TreePMap<Maintenance.Key, Maintenance> maintenances;
  private TreePMap<Name, Chair> chairs;
  private long forgotten;
  private List<String> avoided = List.of();
  private int told;
  private boolean changed;

  Draft(ClusterState state, ClusterEntry entry) {
    before = state;
    index = entry.index();
    event = entry.event();
    long boot = Math.max(state.now().bootNanos(), entry.at().bootNanos());
    at = new Moment(boot, entry.at().wallNanos());
    id = state.id();
    reign = state.reign();
    voters = state.voters();
    votersSince = state.votersSince();
    nodes = state.nodes();
    tree = state.tree();
    grafts = state.grafts();
    tenures = state.tenures();
    maintenances = state.maintenances();
    chairs = state.chairs();
    forgotten = state.forgotten();
  }

  ClusterStep finish(Reply reply) {
    prune();
    if (changed) {
      Tenures.follow(this);
      Placement.settle(this);
    }
    return new ClusterStep(
        new ClusterState(
            id,
            index,
            newest(),
            at,
            reign,
            voters,
            votersSince,
            nodes,
            tree,
            grafts,
            tenures,
            maintenances,
            chairs,
            forgotten),
        changed,
        effects,
        reply);
  }

  private EffectId newest() {
    EffectId newest = before.told();
    for (Effect effect : effects) {
      boolean newer =
          effect instanceof Effect.Announce a && a.happening().id().compareTo(newest) > 0;
      newest = newer ? ((Effect.Announce) effect).happening().id() : newest;
    }
    return newest;
  }

  /** Nothing has happened but the entry itself. */
  ClusterStep nothing(Reply reply) {
    ClusterState b = before;
    return new ClusterStep(
        new ClusterState(
            b.id(),
            index,
            b.told(),
            at,
            b.reign(),
            b.voters(),
            b.votersSince(),
            b.nodes(),
            b.tree(),
            b.grafts(),
            b.tenures(),
            b.maintenances(),
            b.chairs(),
            b.forgotten()),
        false,
        List.of(),
        reply);
  }

  long index() {
    return index;
  }

  Moment at() {
    return at;
  }

  ClusterEvent event() {
    return event;
  }

  String id() {
    return id;
  }

  void id(String value) {
    id = value;
    changed = true;
  }

  ClusterState.Reign reign() {
    return reign;
  }

  void reign(ClusterState.Reign value) {
    reign = value;
    changed = true;
  }

  TreePMap<String, String> voters() {
    return voters;
  }

  void voters(TreePMap<String, String> value) {
    voters = value;
    votersSince = index;
    changed = true;
  }

  Node node(String name) {
    return nodes.get(name);
  }

  TreePMap<String, Node> nodes() {
    return nodes;
  }

  void put(Node node) {
    nodes = nodes.plus(node.name(), node);
    changed = true;
  }

  long forgotten() {
    return forgotten;
  }

  /** Whoever comes by that name again gets an incarnation that nobody has heard of. */
  void forget(Node node) {
    forgotten = Math.max(forgotten, node.incarnation());
    nodes = nodes.minus(node.name());
    changed = true;
  }

  HamState tree() {
    return tree;
  }

  HamState treeBefore() {
    return before.tree();
  }

  TreePMap<Long, Graft> grafts() {
    return grafts;
  }

  void graft(long number, Graft graft) {
    grafts = grafts.plus(number, graft);
    changed = true;
  }

  TreePMap<Name, Tenure> tenures() {
    return tenures;
  }

  Tenure tenure(Name entity) {
    return tenures.get(entity);
  }

  void put(Tenure tenure) {
    tenures = tenures.plus(tenure.entity(), tenure);
    changed = true;
  }

  void removeTenure(Name entity) {
    tenures = tenures.minus(entity);
    changed = true;
  }

  /** The tree still says what it is that is run. */
  boolean defines(Tenure tenure) {
    Entity entity = tree.entities().get(tenure.entity());
    return entity != null && entity.spec() != null;
  }

  TreePMap<Maintenance.Key, Maintenance> maintenances() {
    return maintenances;
  }

  void maintenances(TreePMap<Maintenance.Key, Maintenance> value) {
    maintenances = value;
    changed = true;
  }

  TreePMap<Name, Chair> chairs() {
    return chairs;
  }

  void chairs(TreePMap<Name, Chair> value) {
    chairs = value;
    changed = true;
  }

  /** The maintenance because of which it stays where it is; null: none. */
  Maintenance maintenanceOf(Tenure tenure) {
    return maintenances.values().stream().filter(m -> m.covers(tenure)).findFirst().orElse(null);
  }

  boolean isInMaintenance(String node) {
    return maintenances.values().stream().anyMatch(m -> node.equals(m.node()));
  }

  /** These nodes get nothing in this entry. */
  void avoid(List<String> names) {
    avoided = names;
  }

  boolean avoids(String node) {
    return avoided.contains(node);
  }

  /** Of an entity of the cluster, after all that the trees tell. */
  void announce(String node, String path, String what, String reason, String detail) {
    EffectId effect = new EffectId(new EntryId(0, Long.MAX_VALUE, index), told++);
    effects.add(new Effect.Announce(new Happening(effect, at, node, path, what, reason, detail)));
  }

  /** A copy of that request is not done again, but answered so. */
  void remember(RequestId request, Reply reply) {
    Client.Given given = new Client.Given(reply);
    tree = tree.with(Clients.with(tree.clients(), tree.limits(), request, given, index));
    changed = true;
  }

  /** Something happens to the tree {@code *}; true if that changes it. */
  boolean toTree(HamEvent what) {
    Step step = HamMachine.apply(tree, entry(0, what));
    if (step.changed()) {
      tree = step.state();
      changed = true;
    }
    effects.addAll(step.effects());
    return step.changed();
  }

  /** Something happens to what is kept of a lost tree; nothing, when that is gone. */
  void toGraft(long number, HamEvent what) {
    Graft graft = grafts.get(number);
    if (graft == null) {
      return;
    }
    Step step = HamMachine.apply(graft.tree(), entry(number, what));
    if (step.changed()) {
      grafts = grafts.plus(number, graft.with(step.state()));
      changed = true;
    }
    for (Effect effect : step.effects()) {
      if (!(effect instanceof Effect.Announce a)) {
        effects.add(effect);
      } else if (!a.happening().path().isEmpty()) {
        // What is about the node itself the tree has told already.
        effects.add(new Effect.Announce(a.happening().of(graft.node())));
      }
    }
  }

  /** The epoch tells the trees apart: two effects of one entry never have one id. */
  private Entry entry(long number, HamEvent what) {
    return new Entry(new EntryId(0, number, index), at, what);
  }

  /** What was grafted goes when its node is back and nothing of it is under way. */
  private void prune() {
    for (var each : grafts.entrySet()) {
      Node node = nodes.get(each.getValue().node());
      boolean stillLost =
          node != null && node.loss() != null && node.loss().number() == each.getKey();
      if (!stillLost && each.getValue().isIdle()) {
        grafts = grafts.minus(each.getKey());
        changed = true;
      }
    }
  }
}

package io.hamlet.core.cluster;

import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
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
  private final List<Effect> effects = new ArrayList<>();
  private String id;
  private ClusterState.Reign reign;
  private TreePMap<String, String> voters;
  private long votersSince;
  private TreePMap<String, Node> nodes;
  private HamState tree;
  private TreePMap<Long, Graft> grafts;
  private boolean changed;

  Draft(ClusterState state, ClusterEntry entry) {
    before = state;
    index = entry.index();
    long boot = Math.max(state.now().bootNanos(), entry.at().bootNanos());
    at = new Moment(boot, entry.at().wallNanos());
    id = state.id();
    reign = state.reign();
    voters = state.voters();
    votersSince = state.votersSince();
    nodes = state.nodes();
    tree = state.tree();
    grafts = state.grafts();
  }

  ClusterStep finish(Reply reply) {
    prune();
    return new ClusterStep(
        new ClusterState(id, index, at, reign, voters, votersSince, nodes, tree, grafts),
        changed,
        effects,
        reply);
  }

  /** Nothing has happened but the entry itself. */
  ClusterStep nothing(Reply reply) {
    ClusterState b = before;
    return new ClusterStep(
        new ClusterState(
            b.id(),
            index,
            at,
            b.reign(),
            b.voters(),
            b.votersSince(),
            b.nodes(),
            b.tree(),
            b.grafts()),
        false,
        List.of(),
        reply);
  }

  long index() {
    return index;
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

  int size() {
    return nodes.size();
  }

  void put(Node node) {
    nodes = nodes.plus(node.name(), node);
    changed = true;
  }

  void remove(String node) {
    nodes = nodes.minus(node);
    changed = true;
  }

  HamState tree() {
    return tree;
  }

  TreePMap<Long, Graft> grafts() {
    return grafts;
  }

  void graft(long number, Graft graft) {
    grafts = grafts.plus(number, graft);
    changed = true;
  }

  /** Something happens to the tree {@code *}. */
  void toTree(HamEvent event) {
    Step step = HamMachine.apply(tree, entry(0, event));
    if (step.changed()) {
      tree = step.state();
      changed = true;
    }
    effects.addAll(step.effects());
  }

  /** Something happens to what is kept of a lost tree; nothing, when that is gone. */
  void toGraft(long number, HamEvent event) {
    Graft graft = grafts.get(number);
    if (graft == null) {
      return;
    }
    Step step = HamMachine.apply(graft.tree(), entry(number, event));
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
  private Entry entry(long number, HamEvent event) {
    return new Entry(new EntryId(0, number, index), at, event);
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

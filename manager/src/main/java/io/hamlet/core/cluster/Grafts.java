package io.hamlet.core.cluster;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Tally;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Invariants;
import java.util.ArrayList;
import java.util.List;
import org.pcollections.TreePMap;

/** Cuts from a lost node's tree what the cluster goes on with. */
public final class Grafts {
  private Grafts() {}

  /**
   * The entities of a tree that care about the loss of their node, the global one among them if it
   * does, with those conditions only.
   */
  public static List<Entity> of(HamState lost) {
    List<Entity> graft = new ArrayList<>();
    for (Entity entity : lost.everyEntity()) {
      cut(entity, lost.node(), graft);
    }
    cut(lost.global(), lost.node(), graft);
    return List.copyOf(graft);
  }

  /** A tree of these entities. Throws Refused when they do not make one. */
  static HamState tree(List<Entity> entities, String leader, Limits limits) {
    HamState empty = HamState.empty(HamState.CLUSTER, limits);
    TreePMap<Name, Entity> byName = TreePMap.empty();
    Entity global = empty.global();
    long most = 1;
    for (Entity entity : entities) {
      most = Math.max(most, highest(entity));
      if (entity.isGlobal()) {
        global = entity;
      } else {
        byName = byName.plus(entity.name(), entity);
      }
    }
    if (byName.size() + (global.equals(empty.global()) ? 0 : 1) != entities.size()) {
      throw Refused.invalid("the graft has an entity twice");
    }
    HamState tree =
        new HamState(
            empty.node(),
            leader,
            empty.last(),
            empty.told(),
            most + 1,
            byName,
            global,
            empty.lanes(),
            empty.open(),
            empty.deadlines(),
            empty.clients(),
            empty.channels(),
            empty.errands(),
            empty.sam(),
            empty.pair(),
            empty.verbosity(),
            empty.beatsSuspended(),
            empty.stopping(),
            empty.right(),
            empty.granted(),
            limits);
    List<String> faults = Invariants.faults(tree);
    if (!faults.isEmpty()) {
      throw Refused.invalid("the graft is none: " + faults.getFirst());
    }
    return tree;
  }

  private static void cut(Entity entity, String node, List<Entity> graft) {
    List<Condition> conditions =
        entity.conditions().stream()
            .filter(c -> cares(c.type()))
            .map(c -> c.withActions(c.actions().stream().map(a -> addressed(a, node)).toList()))
            .toList();
    if (conditions.isEmpty()) {
      return;
    }
    graft.add(
        entity
            .withShape(entity.isGlobal() ? entity.shape() : Entity.Shape.UNATTACHED, null)
            .withLife(Life.NONE)
            .withHeartbeat(null)
            .withDeaths(List.of())
            .withTally(Tally.EMPTY)
            .withConditions(conditions));
  }

  private static boolean cares(ConditionType type) {
    return type == ConditionType.NODE_LOST || type == ConditionType.NODE_JOINED;
  }

  private static Action addressed(Action a, String node) {
    List<Action.FailItem> items =
        a.onFail().stream()
            .map(i -> new Action.FailItem(i.name(), i.uid(), addressed(i.deed(), node)))
            .toList();
    return new Action(a.name(), a.uid(), addressed(a.deed(), node), a.flags(), a.enabled(), items);
  }

  /**
   * Who was meant without a node was a process of the lost one; elsewhere its pid is a stranger.
   */
  private static Deed addressed(Deed deed, String node) {
    return switch (deed) {
      case Deed.Pulse p when p.node().isEmpty() ->
          new Deed.Pulse(node, p.pid(), p.channel(), p.code(), p.value());
      case Deed.Signal s when s.node().isEmpty() ->
          new Deed.Signal(node, s.process(), s.signal(), s.code(), s.value());
      default -> deed;
    };
  }

  private static long highest(Entity entity) {
    long most = entity.uid();
    for (Condition c : entity.conditions()) {
      most = Math.max(most, c.uid());
      for (Action a : c.actions()) {
        most = Math.max(most, a.uid());
        for (Action.FailItem item : a.onFail()) {
          most = Math.max(most, item.uid());
        }
      }
    }
    return most;
  }
}

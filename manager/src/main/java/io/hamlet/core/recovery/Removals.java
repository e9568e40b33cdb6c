package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import java.util.List;

/** Takes objects away, and what is empty without them (ham.md 1.8, 2.4, 2.5). */
final class Removals {
  private Removals() {}

  static Reply remove(Turn turn, Command.Remove c) {
    ObjectPath path = c.target().path();
    if (path.action() != null) {
      Action action = Targets.action(turn, c.target());
      Condition holder = Targets.condition(turn.entity(path.entity()), path);
      removeAction(turn, path.entity(), holder.uid(), action.uid());
    } else if (path.condition() != null) {
      turn.removeCondition(path.entity(), Targets.condition(turn, c.target()).uid());
    } else {
      removeEntity(turn, Targets.entity(turn, c.target()));
    }
    Lanes.dropWaits(turn);
    return Reply.OK;
  }

  static Reply removeFailItem(Turn turn, Command.RemoveFailItem c) {
    Action action = Targets.action(turn, c.action());
    ObjectPath path = c.action().path();
    List<Action.FailItem> left =
        action.onFail().stream().filter(i -> !i.name().equals(c.name())).toList();
    if (left.size() == action.onFail().size()) {
      throw new Refused(
          Rejection.Reason.NOT_FOUND, "'" + path + "' has no alternate '" + c.name() + "'");
    }
    Condition condition = turn.entity(path.entity()).condition(path.condition());
    Registry.replace(turn, path.entity(), condition, action.withOnFail(left));
    return Reply.OK;
  }

  /** Removes an action if it is still there; a condition that becomes empty by it goes too. */
  static void removeAction(Turn turn, Name entity, long conditionUid, long actionUid) {
    Entity e = turn.entity(entity);
    if (e == null) {
      return;
    }
    for (Condition c : e.conditions()) {
      if (c.uid() != conditionUid) {
        continue;
      }
      List<Action> left = c.actions().stream().filter(a -> a.uid() != actionUid).toList();
      if (left.size() == c.actions().size()) {
        return;
      }
      if (left.isEmpty() && !c.flags().has(Flags.OfCondition.KEEP_ON_EMPTY)) {
        turn.removeCondition(entity, conditionUid);
      } else {
        turn.putCondition(entity, c.withActions(left));
      }
    }
  }

  private static void removeEntity(Turn turn, Entity e) {
    boolean placeholder =
        e.shape() == Entity.Shape.UNATTACHED
            && e.life() instanceof Life.None
            && e.deaths().isEmpty();
    if (!placeholder) {
      throw Refused.invalid(
          e.isGlobal()
              ? "the global entity exists always"
              : "'" + e.name() + "' is attached; detach it instead");
    }
    turn.removeEntity(e.name());
  }
}

package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.ProcessSpec;
import java.util.ArrayList;
import java.util.List;

/** An entity of the cluster as it stands in the tree of the node that runs it. */
final class LocalForm {
  private LocalForm() {}

  /**
   * The entity here with all that the definition says; its life and what it counted stay.
   *
   * @param here of its name, with a handle of this tree
   */
  static Entity of(Turn turn, Entity here, HamEvent.Granted g) {
    Entity there = g.definition();
    // Whatever it brings forth ends with it: two owners would meet there otherwise.
    ProcessSpec spec = there.spec() == null ? null : there.spec().withKill(ProcessSpec.Kill.GROUP);
    List<Condition> conditions = new ArrayList<>();
    for (Condition c : there.conditions()) {
      // What concerns other nodes fires in the tree of the cluster.
      if (c.type() != ConditionType.NODE_LOST && c.type() != ConditionType.NODE_JOINED) {
        conditions.add(copy(turn, c));
      }
    }
    SamDesk.keepRule(turn, here, conditions);
    return here.withShape(here.shape(), spec)
        .withFlags(there.flags())
        .withEnabled(there.enabled())
        .withConditions(conditions)
        .withGrant(g.grant());
  }

  /** Handles are numbers of one tree. */
  private static Condition copy(Turn turn, Condition c) {
    long uid = turn.newUid();
    List<Action> actions = new ArrayList<>();
    for (Action a : c.actions()) {
      long actionUid = turn.newUid();
      List<Action.FailItem> items = new ArrayList<>();
      for (Action.FailItem item : a.onFail()) {
        items.add(new Action.FailItem(item.name(), turn.newUid(), item.deed()));
      }
      actions.add(new Action(a.name(), actionUid, a.deed(), a.flags(), a.enabled(), items));
    }
    return new Condition(c.name(), uid, c.type(), c.filter(), c.flags(), c.enabled(), actions);
  }
}

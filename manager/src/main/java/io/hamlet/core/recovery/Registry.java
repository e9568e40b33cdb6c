package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds conditions, actions and their alternates, and refuses what may not be (ham.md 2.4 to 2.7).
 */
final class Registry {
  private Registry() {}

  static Reply addCondition(Turn turn, Command.AddCondition c) {
    Entity e = Targets.entity(turn, c.entity());
    ObjectPath path = ObjectPath.of(e.name(), usable(c.name()));
    if (e.condition(c.name()) != null) {
      throw exists(path);
    }
    room(e.conditions().size(), turn.limits().conditionsPerEntity(), "conditions", e.name());
    boolean fits =
        switch (c.filter()) {
          case Filter.None n -> needsNoFilter(c.type());
          case Filter.Transition t -> c.type() == ConditionType.STATE;
          case Filter.Raise r -> c.type() == ConditionType.RAISE;
          case Filter.Proven p -> c.type() == ConditionType.NODE_LOST;
        };
    if (!fits) {
      throw Refused.invalid(
          "condition '" + path + "': the filter does not belong to type " + c.type().word());
    }
    stateBitsOnlyForStates(c.type(), c.flags());
    boolean rearm = rearm(c.rearm(), c.flags().has(Flags.OfCondition.REARM), !c.type().isDeath());
    int bits = c.flags().bits() & ~Flags.OfCondition.REARM;
    Flags.OfCondition flags = new Flags.OfCondition(rearm ? bits | Flags.OfCondition.REARM : bits);
    long uid = turn.newUid();
    Condition made = new Condition(c.name(), uid, c.type(), c.filter(), flags, true, List.of());
    List<Condition> all = new ArrayList<>(e.conditions());
    all.add(made);
    turn.put(e.withConditions(all));
    return new Reply.Handle(uid, e.pid());
  }

  private static boolean needsNoFilter(ConditionType type) {
    return type != ConditionType.STATE
        && type != ConditionType.RAISE
        && type != ConditionType.NODE_LOST;
  }

  static Reply addAction(Turn turn, Command.AddAction c) {
    Condition condition = Targets.condition(turn, c.condition());
    Entity e = turn.entity(c.condition().path().entity());
    ObjectPath path = new ObjectPath(e.name(), condition.name(), usable(c.name()));
    if (Targets.action(condition, c.name()) != null) {
      throw exists(path);
    }
    room(condition.actions().size(), turn.limits().actionsPerCondition(), "actions", c.name());
    allowed(e, condition, path, c.deed());
    boolean doNow = c.flags().has(Flags.OfAction.DO_NOW);
    if (doNow && !(c.deed() instanceof Deed.Execute)) {
      throw Refused.invalid("action '" + path + "': only an execute can be done now");
    }
    boolean rearm =
        rearm(c.rearm(), c.flags().has(Flags.OfAction.REARM), !condition.type().isDeath());
    int bits = c.flags().bits() & ~(Flags.OfAction.REARM | Flags.OfAction.DO_NOW);
    Flags.OfAction flags = new Flags.OfAction(rearm ? bits | Flags.OfAction.REARM : bits);
    long uid = turn.newUid();
    List<Action> all = new ArrayList<>(condition.actions());
    all.add(new Action(c.name(), uid, c.deed(), flags, true, List.of()));
    turn.putCondition(e.name(), condition.withActions(all));
    if (doNow) {
      doNow(turn, e, path, turn.addressed((Deed.Execute) c.deed()));
    }
    return new Reply.Handle(uid, e.pid());
  }

  static Reply addFailItem(Turn turn, Command.AddFailItem c) {
    Action action = Targets.action(turn, c.action());
    ObjectPath path = c.action().path();
    Condition condition = turn.entity(path.entity()).condition(path.condition());
    usable(c.name());
    if (c.deed() instanceof Deed.Restart || c.deed() instanceof Deed.HeartbeatHealthy) {
      throw Refused.invalid("'" + c.name() + "': a restart or a healthy cannot be an alternate");
    }
    for (Action.FailItem item : action.onFail()) {
      if (item.name().equals(c.name())) {
        throw new Refused(
            Rejection.Reason.EXISTS, "'" + path + "' has an alternate '" + c.name() + "'");
      }
    }
    room(action.onFail().size(), turn.limits().failItemsPerAction(), "alternates", c.name());
    noWaiting(condition, path, c.deed());
    List<Action.FailItem> all = new ArrayList<>(action.onFail());
    all.add(new Action.FailItem(c.name(), turn.newUid(), c.deed()));
    replace(turn, path.entity(), condition, action.withOnFail(all));
    return Reply.OK;
  }

  /** Puts a changed action in the place of the one with its uid. */
  static void replace(Turn turn, Name entity, Condition condition, Action action) {
    List<Action> all =
        condition.actions().stream().map(a -> a.uid() == action.uid() ? action : a).toList();
    turn.putCondition(entity, condition.withActions(all));
  }

  static void stateBitsOnlyForStates(ConditionType type, Flags.OfCondition flags) {
    if (flags.hasStateBits() && type != ConditionType.STATE) {
      throw Refused.invalid("set and inverse flags belong to state conditions only");
    }
  }

  private static void allowed(Entity e, Condition condition, ObjectPath path, Deed deed) {
    noWaiting(condition, path, deed);
    if (!(deed instanceof Deed.Restart restart)) {
      return;
    }
    if (!condition.type().isDeath()) {
      throw Refused.invalid("action '" + path + "': a restart needs a death condition");
    }
    if (e.isGlobal()) {
      throw Refused.invalid("action '" + path + "': the global entity cannot be restarted");
    }
    boolean open = e.shape() == Entity.Shape.UNATTACHED;
    if (!open && Attachments.command(e, restart.argv()) == null) {
      throw Refused.invalid(
          "action '"
              + path
              + "': Hamlet did not start '"
              + e.name()
              + "', so the restart needs a command");
    }
    for (Condition c : e.conditions()) {
      for (Action a : c.actions()) {
        if (a.deed() instanceof Deed.Restart) {
          throw new Refused(
              Rejection.Reason.EXISTS,
              "'" + e.name() + "' has a restart action already: " + c.name() + "/" + a.name());
        }
      }
    }
  }

  private static void noWaiting(Condition condition, ObjectPath path, Deed deed) {
    if (deed instanceof Deed.WaitFor && condition.flags().has(Flags.OfCondition.NO_WAIT)) {
      throw Refused.invalid("'" + path + "': a no-wait condition holds no waitfor");
    }
  }

  private static void doNow(Turn turn, Entity e, ObjectPath path, Deed.Execute deed) {
    Trigger now =
        new Trigger(ConditionType.ANY, e.name(), e.uid(), e.stats().starts(), e.pid(), "now");
    if (!turn.isHere(deed.node())) {
      Errand errand = new Errand(deed, Deeds.environment(turn, path, now));
      OpenEffect.Purpose purpose = new OpenEffect.Purpose.ForNow(path.toString());
      if (Asks.begin(turn, errand, purpose) instanceof Outcome.Failed f) {
        turn.announce(path, "action-failed", "now", f.why());
      }
      return;
    }
    Starts.beginCommand(
        turn,
        ProcessSpec.of(deed.argv()),
        Deeds.environment(turn, path, now),
        e.name().value(),
        new OpenEffect.Purpose.ForNow(path.toString()));
  }

  private static boolean rearm(Flags.Rearm said, boolean flagged, boolean byDefault) {
    return switch (said) {
      case ON -> true;
      case OFF -> false;
      case DEFAULT -> flagged || byDefault;
    };
  }

  private static Name usable(Name name) {
    if (name.isGlobal()) {
      throw Refused.invalid("the name '" + name + "' is reserved");
    }
    return name;
  }

  private static void room(int have, int most, String what, Name where) {
    if (have >= most) {
      throw new Refused(
          Rejection.Reason.LIMIT, "'" + where + "': there are " + most + " " + what + " already");
    }
  }

  private static Refused exists(ObjectPath path) {
    return new Refused(
        Rejection.Reason.EXISTS, "'" + path + "' exists; remove it or choose another name");
  }
}

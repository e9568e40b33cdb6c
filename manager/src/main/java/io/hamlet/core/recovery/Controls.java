package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.Refused;

/** {@code ham_*_control}: enabling, disabling and flags (ham.md 2.8). */
final class Controls {
  private Controls() {}

  static Reply control(Turn turn, Command.Control c) {
    ObjectPath path = c.target().path();
    boolean switches =
        switch (c.verb()) {
          case ENABLE, DISABLE -> true;
          case ADD_FLAGS, REMOVE_FLAGS, SET_FLAGS, GET_FLAGS -> false;
        };
    if (c.recurse() && !switches) {
      throw Refused.invalid("only enable and disable can be recursive");
    }
    if (path.action() != null) {
      return action(turn, c, switches);
    }
    return path.condition() != null ? condition(turn, c, switches) : entity(turn, c, switches);
  }

  private static Reply entity(Turn turn, Command.Control c, boolean switches) {
    Entity e = Targets.entity(turn, c.target());
    if (!switches) {
      Flags.OfEntity flags = new Flags.OfEntity(bits(c, e.flags().bits()));
      if (e.isGlobal() && flags.bits() != 0) {
        throw Refused.invalid("the global entity has no flags");
      }
      if (!flags.equals(e.flags())) {
        turn.put(e.withFlags(flags));
      }
      return new Reply.Number(flags.bits());
    }
    boolean on = c.verb() == Command.ControlVerb.ENABLE;
    Entity changed = e.withEnabled(on);
    if (c.recurse()) {
      changed =
          changed.withConditions(
              e.conditions().stream().map(x -> below(x.withEnabled(on), on)).toList());
    }
    turn.put(changed);
    if (on && !e.enabled()) {
      Lives.noteUnseen(turn, e.name());
      Beats.countAnew(turn, e.name());
    }
    return new Reply.Number(e.flags().bits());
  }

  private static Reply condition(Turn turn, Command.Control c, boolean switches) {
    Condition old = Targets.condition(turn, c.target());
    if (switches) {
      boolean on = c.verb() == Command.ControlVerb.ENABLE;
      Condition changed = old.withEnabled(on);
      turn.putCondition(c.target().path().entity(), c.recurse() ? below(changed, on) : changed);
      return new Reply.Number(old.flags().bits());
    }
    Flags.OfCondition flags = new Flags.OfCondition(bits(c, old.flags().bits()));
    Registry.stateBitsOnlyForStates(old.type(), flags);
    if (flags.has(Flags.OfCondition.NO_WAIT) && holdsWait(old)) {
      throw Refused.invalid(
          "'" + c.target().path() + "' holds waitfor actions and cannot become no-wait");
    }
    if (!flags.equals(old.flags())) {
      turn.putCondition(c.target().path().entity(), old.withFlags(flags));
    }
    return new Reply.Number(flags.bits());
  }

  private static Reply action(Turn turn, Command.Control c, boolean switches) {
    Action old = Targets.action(turn, c.target());
    ObjectPath path = c.target().path();
    Condition holder = turn.entity(path.entity()).condition(path.condition());
    if (switches) {
      Registry.replace(
          turn, path.entity(), holder, old.withEnabled(c.verb() == Command.ControlVerb.ENABLE));
      return new Reply.Number(old.flags().bits());
    }
    Flags.OfAction flags = new Flags.OfAction(bits(c, old.flags().bits()));
    if (flags.has(Flags.OfAction.DO_NOW)) {
      throw Refused.invalid("'" + path + "': do-now is said once, when the action is added");
    }
    if (!flags.equals(old.flags())) {
      Registry.replace(turn, path.entity(), holder, old.withFlags(flags));
    }
    return new Reply.Number(flags.bits());
  }

  private static int bits(Command.Control c, int old) {
    return switch (c.verb()) {
      case ADD_FLAGS -> old | c.flags();
      case REMOVE_FLAGS -> old & ~c.flags();
      case SET_FLAGS -> c.flags();
      case GET_FLAGS, ENABLE, DISABLE -> old;
    };
  }

  private static Condition below(Condition c, boolean on) {
    return c.withActions(c.actions().stream().map(a -> a.withEnabled(on)).toList());
  }

  private static boolean holdsWait(Condition c) {
    return c.actions().stream()
        .anyMatch(
            a ->
                a.deed() instanceof Deed.WaitFor
                    || a.onFail().stream().anyMatch(i -> i.deed() instanceof Deed.WaitFor));
  }
}

package io.hamlet.core.recovery;

import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;

/** Which conditions an event makes true (ham.md 1.4, 1.5, 4). */
final class Triggers {
  /** For events that no filter looks at. */
  static final Filter NO_FACT = Filter.NONE;

  private Triggers() {}

  static int fire(Turn turn, Name name, ConditionType type, Filter fact, String reason) {
    Entity e = turn.entity(name);
    Trigger why = new Trigger(type, name, e.uid(), e.stats().starts(), e.pid(), reason);
    return fire(turn, why, fact);
  }

  /**
   * Makes the matching conditions of the entity true, then those of the global one.
   *
   * @param fact the values that filters are held against
   * @return how many of the entity's own became true
   */
  static int fire(Turn turn, Trigger why, Filter fact) {
    Entity e = turn.entity(why.entity());
    if (!e.enabled()) {
      return 0;
    }
    int own = fireIn(turn, e, why, fact);
    if (!e.isGlobal()) {
      fireIn(turn, turn.entity(Name.GLOBAL), why, fact);
    }
    return own;
  }

  private static int fireIn(Turn turn, Entity holder, Trigger why, Filter fact) {
    int count = 0;
    if (holder.enabled()) {
      for (Condition c : holder.conditions()) {
        if (c.enabled() && matches(c, why.type(), fact)) {
          count += Lanes.enqueue(turn, holder, c, why) ? 1 : 0;
        }
      }
    }
    return count;
  }

  static boolean matches(Condition c, ConditionType type, Filter fact) {
    if (c.type() == ConditionType.ANY) {
      return true;
    }
    if (c.type() != type) {
      return false;
    }
    return switch (c.filter()) {
      case Filter.None n -> true;
      case Filter.Transition wanted ->
          fact instanceof Filter.Transition t
              && inState(
                  wanted.from(),
                  t.from(),
                  c.flags().has(Flags.OfCondition.STATE_FROM_SET),
                  c.flags().has(Flags.OfCondition.STATE_FROM_INVERSE))
              && inState(
                  wanted.to(),
                  t.to(),
                  c.flags().has(Flags.OfCondition.STATE_TO_SET),
                  c.flags().has(Flags.OfCondition.STATE_TO_INVERSE));
      case Filter.Raise wanted ->
          fact instanceof Filter.Raise r
              && anyOr(wanted.type(), r.type())
              && anyOr(wanted.clazz(), r.clazz())
              && anyOr(wanted.severity(), r.severity());
      // What a proof makes true depends on the one before it: Absences looks.
      case Filter.Proven wanted -> false;
    };
  }

  private static boolean inState(int wanted, int actual, boolean isSet, boolean isInverse) {
    if (wanted == 0) {
      return true;
    }
    boolean in = isSet ? (actual & wanted) != 0 : actual == wanted;
    return in != isInverse;
  }

  private static boolean anyOr(int wanted, int actual) {
    return wanted == 0 || wanted == actual;
  }
}

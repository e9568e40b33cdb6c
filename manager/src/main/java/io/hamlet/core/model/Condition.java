package io.hamlet.core.model;

import java.util.List;

/**
 * One condition of an entity.
 *
 * @param uid the handle's number; rises in the order of creation
 * @param actions in FIFO order
 */
public record Condition(
    Name name,
    long uid,
    ConditionType type,
    Filter filter,
    Flags.OfCondition flags,
    boolean enabled,
    List<Action> actions) {
  public Condition {
    actions = List.copyOf(actions);
  }

  /** The lane that runs its actions (ham.md 1.6). NO_WAIT beats INDEPENDENT. */
  public Lane lane() {
    if (flags.has(Flags.OfCondition.NO_WAIT)) {
      return Lane.NO_WAIT;
    }
    return flags.has(Flags.OfCondition.INDEPENDENT) ? new Lane(uid) : Lane.OTHER;
  }

  public Condition withFlags(Flags.OfCondition f) {
    return new Condition(name, uid, type, filter, f, enabled, actions);
  }

  public Condition withEnabled(boolean e) {
    return new Condition(name, uid, type, filter, flags, e, actions);
  }

  public Condition withActions(List<Action> list) {
    return new Condition(name, uid, type, filter, flags, enabled, list);
  }
}

package io.hamlet.core.recovery;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.ObjectPath;

/** What external detectors report: states and raises (ham.md 2.2, 4). */
final class Publications {
  private Publications() {}

  static Reply state(Turn turn, Command.PublishState c) {
    entered(turn, Targets.entity(turn, c.entity()), c.state());
    return Reply.OK;
  }

  static void entered(Turn turn, Entity e, int state) {
    String reason = e.userState() + " -> " + state;
    turn.put(e.withUserState(state));
    publish(turn, e, ConditionType.STATE, new Filter.Transition(e.userState(), state), reason);
  }

  static Reply raise(Turn turn, Command.PublishRaise c) {
    Entity e = Targets.entity(turn, c.entity());
    raised(turn, e, new Filter.Raise(c.type(), c.clazz(), c.severity()));
    return Reply.OK;
  }

  static void raised(Turn turn, Entity e, Filter.Raise c) {
    String reason = c.type() + " " + c.clazz() + " " + c.severity();
    // A raise changes nothing but is an event: its entry must be in the log before it is answered.
    turn.put(e);
    publish(turn, e, ConditionType.RAISE, c, reason);
  }

  private static void publish(Turn turn, Entity e, ConditionType type, Filter fact, String reason) {
    if (e.enabled()) {
      turn.announce(ObjectPath.of(e.name()), type.word(), reason, "");
      Triggers.fire(turn, e.name(), type, fact, reason);
    }
  }
}

package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.Target;

/** Finds what a request is about, or refuses with NOT_FOUND (ham.md 1.12). */
final class Targets {
  private Targets() {}

  static Entity entity(Turn turn, Target target) {
    Entity found = holder(turn, target.path());
    if (target.path().condition() != null) {
      throw Refused.invalid("'" + target.path() + "' is not the path of an entity");
    }
    same(target, found.uid());
    return found;
  }

  static Condition condition(Turn turn, Target target) {
    if (target.path().condition() == null || target.path().action() != null) {
      throw Refused.invalid("'" + target.path() + "' is not the path of a condition");
    }
    Condition found = condition(holder(turn, target.path()), target.path());
    same(target, found.uid());
    return found;
  }

  static Action action(Turn turn, Target target) {
    if (target.path().action() == null) {
      throw Refused.invalid("'" + target.path() + "' is not the path of an action");
    }
    Condition condition = condition(holder(turn, target.path()), target.path());
    Action found = action(condition, target.path().action());
    if (found == null) {
      throw missing(target.path());
    }
    same(target, found.uid());
    return found;
  }

  /** The entity at the head of a path; one of the cluster's that runs here by either name. */
  static Entity holder(Turn turn, ObjectPath path) {
    Entity found = turn.entity(path.entity());
    if (found == null) {
      found = Tenants.here(turn, path.entity());
    }
    if (found == null) {
      throw missing(ObjectPath.of(path.entity()));
    }
    return found;
  }

  static Action action(Condition condition, Name name) {
    for (Action a : condition.actions()) {
      if (a.name().equals(name)) {
        return a;
      }
    }
    return null;
  }

  /** The condition at the middle of a path. */
  static Condition condition(Entity entity, ObjectPath path) {
    Condition found = entity.condition(path.condition());
    if (found == null) {
      throw missing(ObjectPath.of(path.entity(), path.condition()));
    }
    return found;
  }

  private static void same(Target target, long uid) {
    if (target.uid() != 0 && target.uid() != uid) {
      throw new Refused(
          Rejection.Reason.NOT_FOUND,
          "'" + target.path() + "' is another object now; get a new handle");
    }
  }

  private static Refused missing(ObjectPath path) {
    return new Refused(
        Rejection.Reason.NOT_FOUND, "there is no '" + path + "'; 'ham tree' shows what there is");
  }
}

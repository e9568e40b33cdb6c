package io.hamlet.core.recovery;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.Target;
import io.hamlet.core.sam.Blob;

/**
 * Entities in the tree {@code *}: what is to be run, its conditions and actions. Here it never has
 * a process; the node that holds the right runs it in a tree of its own.
 */
final class Definitions {
  private Definitions() {}

  static Reply define(Turn turn, Command.Attach c) {
    if (c.adopt() != null || c.spec() == null) {
      throw Refused.invalid(
          "attach '" + c.name() + "': an entity of the cluster needs a command, not a pid");
    }
    if (c.name().value().startsWith("*")) {
      throw Refused.invalid("attach '" + c.name() + "': names that begin with '*' are reserved");
    }
    if (!Grant.fits(c.name())) {
      throw new Refused(
          Rejection.Reason.NAME_TOO_LONG,
          "attach '" + c.name() + "': the name of an entity of the cluster has at most 254 bytes");
    }
    if (turn.entity(c.name()) != null) {
      throw Attachments.exists(c.name());
    }
    Entity born = Attachments.born(turn, c.name());
    turn.put(born.withFlags(c.flags()).withShape(Entity.Shape.UNATTACHED, c.spec()));
    return Attachments.handle(turn.entity(c.name()));
  }

  static Reply drop(Turn turn, Command.Detach c) {
    Entity e = Targets.entity(turn, c.entity());
    if (e.isGlobal() || c.self()) {
      throw Refused.invalid("'" + e.name() + "' is not attached");
    }
    turn.removeEntity(e.name());
    turn.sam(turn.sam().keeping(e.name(), Blob.NONE));
    Lanes.dropWaits(turn);
    return Reply.OK;
  }

  /** That it may be placed again where it was given up is no matter of the tree. */
  static Reply resume(Turn turn, Command.Resume c) {
    if (Targets.entity(turn, c.entity()).isGlobal()) {
      throw Refused.invalid("the global entity is not run anywhere");
    }
    return Reply.OK;
  }

  /** States and raises are of processes. */
  static void refuseOf(Turn turn, Target target) {
    if (turn.isOfCluster() && !Targets.holder(turn, target.path()).isGlobal()) {
      throw Refused.invalid(
          "'"
              + target.path()
              + "' has no process in the cluster tree; publish where it runs: '--node NODE'");
    }
  }
}

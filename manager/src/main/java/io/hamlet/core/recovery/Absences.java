package io.hamlet.core.recovery;

import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.Proof;
import java.util.ArrayList;
import java.util.List;

/** Nodes that are lost to the cluster, and those that come (architecture.md 3). */
final class Absences {
  private Absences() {}

  static void lost(Turn turn, HamEvent.NodeLost lost) {
    fire(turn, lost.node(), ConditionType.NODE_LOST, lost.proof(), lost.before());
    Groups.nodeLost(turn, lost.node());
  }

  static void joined(Turn turn, HamEvent.NodeJoined joined) {
    fire(turn, joined.node(), ConditionType.NODE_JOINED, null, null);
  }

  /** A node that stands for itself knows nothing of others: nothing happens in its tree. */
  private static void fire(Turn turn, String node, ConditionType type, Proof proof, Proof before) {
    if (!turn.isOfCluster()) {
      return;
    }
    String reason = proof == null ? "" : "proof " + proof.word();
    turn.announce(node, "", type.word(), reason, "");
    List<Entity> holders = new ArrayList<>(turn.entities().values());
    holders.add(turn.global());
    for (Entity holder : holders) {
      Trigger why =
          new Trigger(type, holder.name(), holder.uid(), holder.stats().starts(), 0, reason, node);
      boolean told = holder.isGlobal();
      for (Condition condition : holder.conditions()) {
        if (holder.enabled()
            && condition.enabled()
            && matches(holder, condition, type, proof, before)) {
          if (!told) {
            turn.announce(node, ObjectPath.of(holder.name()).toString(), type.word(), reason, "");
            told = true;
          }
          Lanes.enqueue(turn, holder, condition, why);
        }
      }
    }
  }

  /**
   * Each condition is true once in an absence: when what it asks for becomes known. What happens to
   * an entity of the cluster happens where it runs.
   */
  private static boolean matches(
      Entity holder, Condition c, ConditionType type, Proof proof, Proof before) {
    if (c.type() == ConditionType.ANY) {
      return before == null && holder.spec() == null;
    }
    if (c.type() != type) {
      return false;
    }
    return !(c.filter() instanceof Filter.Proven wanted)
        || (wanted.least().compareTo(proof) <= 0
            && (before == null || wanted.least().compareTo(before) > 0));
  }
}

package io.hamlet.core.recovery;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Name;

/**
 * What made a condition true.
 *
 * @param entity whose event it was; for conditions of the global entity another than the
 *     condition's
 * @param uid of that entity
 * @param life of it when it happened
 * @param pid of its process then, 0 for none
 * @param reason short and stable: {@code signal 9}, {@code 3 -> 4}
 * @param node that was lost or has come; empty: it is about the tree's own node
 */
public record Trigger(
    ConditionType type, Name entity, long uid, long life, long pid, String reason, String node) {
  /** About the tree's own node. */
  public Trigger(ConditionType type, Name entity, long uid, long life, long pid, String reason) {
    this(type, entity, uid, life, pid, reason, "");
  }
}

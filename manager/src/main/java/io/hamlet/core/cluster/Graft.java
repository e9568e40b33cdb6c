package io.hamlet.core.cluster;

import io.hamlet.core.recovery.HamState;

/**
 * What the cluster keeps of a lost node's tree: the entities that care about the loss, and the work
 * that it caused. The replica itself stays as it is.
 *
 * @param node that was lost
 * @param tree its entities with their node-lost and node-joined conditions, and nothing else
 */
public record Graft(String node, HamState tree) {
  Graft with(HamState next) {
    return new Graft(node, next);
  }

  /** Nothing of it is under way. */
  boolean isIdle() {
    return tree.lanes().isEmpty() && tree.open().isEmpty();
  }
}

package io.hamlet.manager.member;

import io.hamlet.core.recovery.HamEvent;

/**
 * Tells the node's own tree whether this node belongs to the majority of its cluster, for the
 * programs there that want one (sam.md 2.7): for as long as its lease holds, whether or not it runs
 * anything for the cluster. Cluster thread.
 */
final class QuorumWatch {
  private final OwnTree tree;
  private final Footing footing;
  private final long assumedUntil;

  /**
   * @param assumedUntil who took over goes on with what the manager before knew until then,
   *     CLOCK_BOOTTIME
   */
  QuorumWatch(OwnTree tree, Footing footing, long assumedUntil) {
    this.tree = tree;
    this.footing = footing;
    this.assumedUntil = assumedUntil;
  }

  /** True while it is not known to belong to it: the next answer may change that. Any thread. */
  boolean waits() {
    return !tree.state().sam().quorate();
  }

  /**
   * @param incarnation of this node; 0: it has none yet, and belongs to no majority
   */
  long due(long now, long incarnation) {
    if (!tree.isSettled()) {
      return Long.MAX_VALUE; // Its answer wakes this thread.
    }
    boolean known = tree.state().sam().quorate();
    long end = incarnation == 0 ? Long.MIN_VALUE : footing.end();
    if (known && incarnation != 0) {
      end = Math.max(end, assumedUntil);
    }
    boolean quorate = now < end;
    if (quorate != known) {
      tree.tell(new HamEvent.QuorumChanged(quorate));
    }
    return quorate ? end : Long.MAX_VALUE;
  }
}

package io.hamlet.manager.replica;

import io.hamlet.core.recovery.HamState;
import java.util.List;

/** Does to a replica what only bad memory does. */
final class ReplicaTreeBed {
  private ReplicaTreeBed() {}

  /** Another state at the same entry. */
  static void spoil(ReplicaTree tree, HamState s) {
    tree.begin(
        new HamState(
            s.node(),
            s.boot(),
            s.last(),
            s.told(),
            s.nextUid() + 1,
            s.entities(),
            s.global(),
            s.lanes(),
            s.open(),
            s.deadlines(),
            s.clients(),
            s.channels(),
            s.errands(),
            s.sam(),
            s.pair(),
            s.verbosity(),
            s.beatsSuspended(),
            s.stopping(),
            s.right(),
            s.granted(),
            s.limits()),
        List.of());
  }
}

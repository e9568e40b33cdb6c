package io.hamlet.manager.replica;

import io.hamlet.core.recovery.HamState;
import io.hamlet.core.sam.SamBook;
import java.util.List;

/** States for a replica that no entry leads to. */
final class ReplicaTreeBed {
  private ReplicaTreeBed() {}

  /** Another state at the same entry, as only bad memory makes it. */
  static void spoil(ReplicaTree tree, HamState s) {
    tree.begin(changed(s, s.nextUid() + 1, s.sam()), List.of());
  }

  /** The same state with other programs and data. */
  static HamState with(HamState s, SamBook sam) {
    return changed(s, s.nextUid(), sam);
  }

  private static HamState changed(HamState s, long nextUid, SamBook sam) {
    return new HamState(
        s.node(),
        s.boot(),
        s.last(),
        s.told(),
        nextUid,
        s.entities(),
        s.global(),
        s.lanes(),
        s.open(),
        s.deadlines(),
        s.clients(),
        s.channels(),
        s.errands(),
        sam,
        s.pair(),
        s.verbosity(),
        s.beatsSuspended(),
        s.stopping(),
        s.right(),
        s.granted(),
        s.limits());
  }
}

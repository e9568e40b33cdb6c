package io.hamlet.manager.member;

import io.hamlet.core.cluster.Leash;

/** The leash of this node, as whoever ties something to it sees it. Any thread. */
public interface Rope {
  /** A deadline: there is nothing to end at any time. */
  long NOTHING = Long.MIN_VALUE;

  /**
   * Until when there may be something that only this node may run.
   *
   * @param deadline CLOCK_BOOTTIME in nanoseconds; Long.MAX_VALUE: for as long as a manager lives;
   *     {@link #NOTHING}
   */
  void cover(long deadline);

  /** Null: there is none, and nothing may be started that needs one. */
  Standing standing();

  /** Why there is none, for people; empty: it is on its way. */
  String trouble();

  /**
   * One that lives, as far as is known.
   *
   * @param leash as the cluster is told
   * @param deadline it was told; {@link #NOTHING}: it is not armed
   */
  record Standing(Leash leash, long deadline) {}
}

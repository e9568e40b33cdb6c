package io.hamlet.it.sim;

/** A mistake that is planted, to see that a checker finds it. Only tests of this package can. */
enum Flaw {
  NONE,

  /** A node believes in its lease for longer than it lasts. */
  LEASE,

  /** A leash never does its work. */
  LEASH,

  /** A voter says of whom it acknowledged just now that this was long ago. */
  FENCE_AGE,

  /** A voter goes on to acknowledge who is fenced. */
  FENCE_DEAF,

  /** How often it has started something a manager keeps to itself: the next one counts anew. */
  TOKEN,

  /** A node does not take what another has had before. */
  NEVER_STARTED,

  /** Who was fenced and lives never joins anew. */
  NEVER_AGAIN,

  /** A voter passes over an entry that is committed. */
  SKIPPED_ENTRY,

  /** A disk says that it has what it has not. */
  LYING_DISK,

  /** Managers die when they have begun a command, and nothing shows that it has begun. */
  TWICE,

  /** A voter says of each that it has not heard of it. */
  HASTY,

  /** No proposal gets to the leader. */
  LOST_PROPOSALS
}

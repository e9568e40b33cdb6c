package io.hamlet.core.cluster;

/** When a node is turned off before what it was granted goes elsewhere; the strictest last. */
public enum FenceRule {
  /** Never. */
  NONE,
  /** Where the end of its lease proves nothing: what is kept without quorum, and what is stuck. */
  WHEN_UNSURE,
  /** Always; the end of a lease is no proof at all. Its own word, or its leash's, still is. */
  REQUIRED
}

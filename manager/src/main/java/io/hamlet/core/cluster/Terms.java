package io.hamlet.core.cluster;

import io.hamlet.core.model.Refused;

/**
 * On what terms a node holds what it runs for the cluster. It tells them when it joins, so that
 * whoever leads goes by them, and not by its own.
 *
 * @param lease how long each of its renewals lasts, nanoseconds; 0: before this was told
 * @param grace what it gives its processes between the end of its lease and the kill, nanoseconds
 * @param fencing as it was told; the cluster goes by the strictest of all its nodes
 */
public record Terms(long lease, long grace, FenceRule fencing) {
  /** Of a node that has said nothing of them. */
  public static final Terms UNTOLD = new Terms(0, 0, FenceRule.NONE);

  /** Nothing that goes beyond its lease, and nobody is turned off. */
  public static Terms ofLease(long lease) {
    return new Terms(lease, 0, FenceRule.NONE);
  }

  void check() {
    if (lease < 0 || grace < 0) {
      throw Refused.invalid("no lease and no grace is shorter than 0 ns");
    }
  }

  /** The waits at least as long as those. */
  public Terms atLeast(Terms other) {
    return new Terms(Math.max(lease, other.lease), Math.max(grace, other.grace), fencing);
  }
}

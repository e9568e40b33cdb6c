package io.hamlet.it.sim;

/** How much there is in a {@link ClusterWorld}. */
enum Shape {
  /**
   * One entity of the cluster, nobody who operates it, the same voters for ever, one command to an
   * entry. Seeds that were kept before there was more go on to mean what they meant.
   */
  PLAIN,

  /** Three entities, one to be kept; an {@link Operator}; entries of several commands. */
  WIDE
}

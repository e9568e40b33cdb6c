package io.hamlet.it.sim;

import io.hamlet.core.lease.LeaseTimes;
import java.util.List;
import java.util.Random;

/**
 * The leases in a {@link ClusterWorld}: the usual one for all, or with every third seed one for
 * each start of each node, as while somebody changes them node by node. One thread.
 */
final class SimLeases {
  private static final long MILLI = 1_000_000L;
  private static final List<Long> SOME = List.of(600 * MILLI, 1_500 * MILLI, 6_000 * MILLI);

  private final Random chance;
  private final boolean same;

  /** Draws for itself, so that a seed whose leases are the same is the run that it was before. */
  SimLeases(long seed) {
    chance = new Random(seed);
    same = seed % 3 != 0;
  }

  /** For the next start of a node. */
  LeaseTimes next() {
    return same ? LeaseTimes.DEFAULT : new LeaseTimes(SOME.get(chance.nextInt(SOME.size())));
  }
}

package io.hamlet.core.lease;

import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * One question to all voters, and who has said yes.
 *
 * @param number rises with each renewal of a node; nearly the time at which it was sent
 * @param sent CLOCK_BOOTTIME before it left, in nanoseconds
 * @param set the one set of voters that it is counted with
 * @param acked distinct voters of that set
 */
public record Renewal(long number, long sent, VoterSet set, PVector<String> acked) {
  static Renewal of(long number, long sent, VoterSet set) {
    return new Renewal(number, sent, set, TreePVector.empty());
  }

  /** True when a majority of the set has acknowledged it. */
  public boolean counts() {
    return acked.size() >= set.majority();
  }

  Renewal ackedBy(String voter) {
    boolean first = set.has(voter) && !acked.contains(voter);
    return first ? new Renewal(number, sent, set, acked.plus(voter)) : this;
  }
}

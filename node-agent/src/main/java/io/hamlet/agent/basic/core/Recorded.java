package io.hamlet.agent.basic.core;

import java.util.List;

/**
 * What the cluster keeps of a host, so that the next leader goes on from there. Immutable.
 *
 * @param host as it was believed; never in conflict
 * @param sequences of it that run or wait, with how far they are
 * @param node that wrote this, and runs what runs
 */
public record Recorded(HostState host, List<Sequence> sequences, String node) {
  public Recorded {
    // Whether the manager has fired its condition yet is nothing to anybody else.
    host = host.conflicting(false);
    sequences =
        sequences.stream()
            .map(s -> s.phase() == Sequence.Phase.ANNOUNCED ? s.in(Sequence.Phase.FIRED) : s)
            .toList();
  }
}

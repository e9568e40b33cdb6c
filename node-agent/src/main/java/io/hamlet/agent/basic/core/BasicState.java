package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.Transition;
import java.util.List;

/**
 * All that outlives the daemon. Immutable.
 *
 * @param words the states by number, from 1: what the manager calls them
 * @param sequences running and waiting
 * @param next number of the next sequence
 */
public record BasicState(
    List<HostState> hosts,
    List<CheckState> checks,
    List<Sequence> sequences,
    List<String> words,
    long next) {
  /** Nothing was ever seen. */
  public static final BasicState NEW =
      new BasicState(List.of(), List.of(), List.of(), List.of(Transition.UNKNOWN), 1);

  public BasicState {
    hosts = List.copyOf(hosts);
    checks = List.copyOf(checks);
    sequences = List.copyOf(sequences);
    words = List.copyOf(words);
  }
}

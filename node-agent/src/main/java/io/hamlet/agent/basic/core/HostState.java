package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.Transition;

/**
 * What is believed of one host. Immutable.
 *
 * @param state the last one that its checks agreed on
 * @param since wall clock of the last change; 0: never
 * @param conflict its checks disagree now
 * @param actionFailed its last sequence failed
 */
public record HostState(
    String host, String state, long since, boolean conflict, boolean actionFailed) {
  static HostState first(String host) {
    return new HostState(host, Transition.UNKNOWN, 0, false, false);
  }

  HostState changed(String to, long wall) {
    return new HostState(host, to, wall, false, false);
  }

  HostState conflicting(boolean now) {
    return new HostState(host, state, since, now, actionFailed);
  }

  HostState failed() {
    return new HostState(host, state, since, conflict, true);
  }

  /** As people see it. */
  public String shown() {
    return conflict ? CheckOutput.CONFLICT : state;
  }
}

package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.Check;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the machine wants done. */
public sealed interface Deed {
  /**
   * Run a script, and say how it ended.
   *
   * @param run names this run
   * @param attempt which of the equal results in a row this may become, from 1
   */
  record RunCheck(Check check, long run, String address, String lastState, int attempt)
      implements Deed {}

  /**
   * Tell the manager that a host has another state.
   *
   * @param number of the state
   * @param sequence that waits for its condition to fire; 0: none
   */
  record Announce(String host, int number, long sequence) implements Deed {}

  /**
   * Make the tree of the manager look like the configuration.
   *
   * @param hosts the number of the state each has
   */
  record Arrange(Map<String, Integer> hosts, List<Section> sections) implements Deed {}

  /**
   * A section of {@code actions.conf} as a condition.
   *
   * @param host empty: for every host
   * @param from number of a state; 0: any but unknown
   * @param to likewise
   * @param lines its commands, for people
   */
  record Section(String name, String host, int from, int to, List<String> lines) {}

  /** Run a command of a sequence, and say how it ended. */
  record RunStep(
      long sequence,
      int at,
      List<String> words,
      Map<String, String> environment,
      Duration timeout,
      Duration killAfter)
      implements Deed {}

  /**
   * Have the cluster keep this of a host, and then tell {@link BasicMachine#kept}.
   *
   * @param sequence whose command waits for it; 0: none
   * @param at index of that command
   */
  record Keep(String host, Recorded record, long sequence, int at) implements Deed {}

  /** Read what the cluster keeps, and tell {@link BasicMachine#standing}. */
  record Look() implements Deed {}

  /** Tell the other daemons of the cluster. */
  record Share(Shared result) implements Deed {}

  /** Say it. */
  record Tell(Happening happening) implements Deed {}

  /**
   * Write the state to the database.
   *
   * @param now before anything that follows is done; else soon
   */
  record Save(boolean now) implements Deed {}
}

package io.hamlet.core.model;

/** Narrows what a state, raise or node-lost condition matches (ham.md 2.4, 4). */
public sealed interface Filter {
  /** Matches whenever the type does. */
  record None() implements Filter {}

  /**
   * @param from a state, or a mask of states under STATE_FROM_SET; 0 matches any
   * @param to likewise for the state now entered
   */
  record Transition(int from, int to) implements Filter {}

  /** Each 0 matches any. */
  record Raise(int type, int clazz, int severity) implements Filter {}

  /**
   * Of the loss of a node.
   *
   * @param least matches as soon as at least that is known
   */
  record Proven(Proof least) implements Filter {}

  Filter NONE = new None();
}

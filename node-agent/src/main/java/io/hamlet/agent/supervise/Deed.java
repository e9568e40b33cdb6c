package io.hamlet.agent.supervise;

/** What follows from what a program says, or somebody says of it. */
sealed interface Deed {
  /** Supervision on. */
  record Start() implements Deed {}

  /**
   * Supervision off.
   *
   * @param ofItself the program wants it; then it is none if it has been warned
   */
  record Stop(boolean ofItself) implements Deed {}

  /** A sign of life. */
  record Beat() implements Deed {}

  /** It is to be warned at once. */
  record Unhealthy(String why) implements Deed {}

  /** For people. */
  record Tell(String line) implements Deed {}
}

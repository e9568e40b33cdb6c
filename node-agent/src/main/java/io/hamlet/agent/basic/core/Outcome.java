package io.hamlet.agent.basic.core;

/** What a check found, in the words of the Monitoring Plugins. */
public enum Outcome {
  OK,
  WARNING,
  CRITICAL,
  /** It could not look: no effect on the state of its host. */
  UNKNOWN
}

package io.hamlet.core.model;

/** Which process an entity is just now. */
public sealed interface Life {
  /** No process: a placeholder, or dead with its actions still to run. */
  record None() implements Life {}

  /**
   * A start is under way: a gate stands ready or will.
   *
   * @param effect the start
   * @param gate the process that will become the entity; null until it is known
   * @param number the life this start begins
   */
  record Starting(EffectId effect, ProcessId gate, long number) implements Life {}

  /**
   * Running and watched.
   *
   * @param number counts the lives of this entity from 1, so that news of an earlier one is known
   *     to be old
   * @param home where the agent put it, such as a cgroup; opaque to the core
   */
  record Up(ProcessId process, long number, String home) implements Life {}

  /**
   * Died while its entity was disabled; the death is noted when it is enabled again (ham.md 2.8).
   */
  record DiedUnseen(ProcessId process, long number, String home, Exit exit) implements Life {}

  /**
   * The restart budget is spent; only a resume or a new attach starts it again.
   *
   * @param process its last one, whose remains are ended before it is started again
   */
  record GaveUp(long number, ProcessId process, String home) implements Life {}

  /** Ended by an orderly stop of the node; started again when the node returns. */
  record Stopped(long number) implements Life {}

  Life NONE = new None();
}

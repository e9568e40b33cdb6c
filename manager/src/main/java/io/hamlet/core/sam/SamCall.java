package io.hamlet.core.sam;

import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;

/** The functions of sam.md 1.4 that reach the supervisor, and a few of ours. */
public sealed interface SamCall {
  /**
   * A running program, or the next instance of a launched one, begins.
   *
   * @param again how to start it after a failure; null: as it was launched, or not at all
   * @param secret drawn by the manager
   */
  record Initialize(SamContract contract, ProcessId process, ProcessSpec again, String secret)
      implements SamCall {}

  /**
   * A program is to be launched, and is registered as soon as it runs.
   *
   * @param id the pid under which its keys are published
   * @param data that its first instance finds
   */
  record Launch(SamContract contract, long id, ProcessSpec spec, Blob data, String secret)
      implements SamCall {}

  /** Answers with the number of the instance. */
  record Register() implements SamCall {}

  /**
   * Supervision on.
   *
   * @param limitNanos to wait for a quorum; 0: without limit
   */
  record Start(long limitNanos) implements SamCall {}

  /** Ends a start that waits. */
  record CancelStart() implements SamCall {}

  /**
   * Supervision off.
   *
   * @param unlessWarned refused when this instance was warned: whoever goes because of that has
   *     failed
   */
  record Stop(boolean unlessWarned) implements SamCall {}

  /** The client library is to ask the program from now on, or no more. */
  record HealthCheck(boolean on) implements SamCall {}

  record WarnSignal(int signal) implements SamCall {}

  /** Keeps data, or with none deletes what is kept. */
  record StoreData(Blob data) implements SamCall {}

  /**
   * @param why for people
   */
  record MarkFailed(String why) implements SamCall {}

  /** A message out of turn: the program finds itself unhealthy and is to be warned at once. */
  record Unhealthy() implements SamCall {}

  record Finalize() implements SamCall {}

  /** An operator has seen how it ended; what is known of it goes. */
  record Clear() implements SamCall {}
}

package io.hamlet.core.sam;

import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;

/** What the supervisor wants done for a program. */
public sealed interface SamAct {
  /**
   * Count the time to the next message from now on.
   *
   * @param firstNanos until the first one
   * @param periodNanos until each after that
   * @param deaf messages do not count any more
   */
  record Listen(long firstNanos, long periodNanos, boolean deaf) implements SamAct {}

  /** No message is due. */
  record Deafen() implements SamAct {}

  /** Announce the kill to the process. */
  record Warn(SamEnd.Cause cause) implements SamAct {}

  /** End the process now. */
  record Kill(SamEnd.Cause cause) implements SamAct {}

  /** Say Due after that time. */
  record Await(long nanos) implements SamAct {}

  /** Do not say Due. */
  record Forget() implements SamAct {}

  /**
   * Answer the start that waited.
   *
   * @param refusal null: it is done
   */
  record Answer(RequestId request, Rejection refusal) implements SamAct {}

  /** The entity has died; its conditions fire. */
  record Die() implements SamAct {}

  /** The entity is detached in good order. */
  record Leave() implements SamAct {}

  /** Tell whoever listens for it that the program is beyond help. */
  record Raise(SamEnd.Cause cause) implements SamAct {}
}

package io.hamlet.core.recovery;

import io.hamlet.core.model.Rejection;

/** The answer to a request. */
public sealed interface Reply {
  /** Done; nothing more to say. */
  record Ok() implements Reply {}

  /** Done, and this is the number asked for: flags, a level, a previous state, a channel. */
  record Number(long value) implements Reply {}

  /**
   * An object was made or found.
   *
   * @param uid its handle number
   * @param pid of its process, 0 for none
   */
  record Handle(long uid, long pid) implements Reply {}

  /** Refused; nothing was changed. */
  record No(Rejection rejection) implements Reply {}

  Reply OK = new Ok();
}

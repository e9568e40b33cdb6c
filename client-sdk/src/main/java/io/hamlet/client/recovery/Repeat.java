package io.hamlet.client.recovery;

/** Whether a call may be sent again. It is said by who knows, and never guessed. */
public enum Repeat {
  /** Doing it twice is like doing it once: it is issued again when the connection is healed. */
  IDEMPOTENT,
  /** It ends as {@link OutcomeUnknown} when the connection is lost under it, and is healed. */
  ONCE
}

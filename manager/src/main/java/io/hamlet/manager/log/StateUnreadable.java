package io.hamlet.manager.log;

/** There is state, and it cannot be read; to start without it would be to forget. */
public final class StateUnreadable extends RuntimeException {
  StateUnreadable(String message) {
    super(message);
  }

  StateUnreadable(String message, Throwable cause) {
    super(message, cause);
  }
}

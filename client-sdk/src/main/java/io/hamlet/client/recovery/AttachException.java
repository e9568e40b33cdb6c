package io.hamlet.client.recovery;

/** A connection cannot be used so; nothing was changed. */
public final class AttachException extends IllegalStateException {
  /** Why. */
  public enum Reason {
    /** It was attached already, and {@link HaConnection.Attach#REPLACE} was not said (EEXIST). */
    EXISTS,
    /** It is not attached (EBADF). */
    NOT_ATTACHED,
    /** It is closed (EBADF). */
    CLOSED
  }

  private final Reason reason;

  AttachException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Name of the errno of the original. */
  public String errno() {
    return reason == Reason.EXISTS ? "EEXIST" : "EBADF";
  }
}

package io.hamlet.client;

/** A call of {@link Sam} came to nothing. */
public final class SamException extends Exception {
  private static final long serialVersionUID = 1;
  private final SamStatus status;

  public SamException(SamStatus status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  public SamStatus status() {
    return status;
  }
}

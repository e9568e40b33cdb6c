package io.hamlet.core.model;

/**
 * Carries a {@link Rejection} up to the edge that answers the request. It has no stack trace: it is
 * an answer, not a failure.
 */
public final class Refused extends RuntimeException {
  private final transient Rejection rejection;

  public Refused(Rejection.Reason reason, String message) {
    this(new Rejection(reason, message));
  }

  public Refused(Rejection rejection) {
    super(rejection.message(), null, false, false);
    this.rejection = rejection;
  }

  /** Short for the most frequent reason. */
  public static Refused invalid(String message) {
    return new Refused(Rejection.Reason.INVALID, message);
  }

  public Rejection rejection() {
    return rejection;
  }
}

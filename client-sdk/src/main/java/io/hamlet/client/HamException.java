package io.hamlet.client;

/** What can go wrong with a call, by what it means for the caller. */
public abstract sealed class HamException extends RuntimeException {
  private HamException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The manager said no; nothing was changed. */
  public static final class Refused extends HamException {
    private final Reason reason;
    private final String errno;
    private final String path;

    public Refused(Reason reason, String errno, String path, String message, Throwable cause) {
      super(message, cause);
      this.reason = reason;
      this.errno = errno;
      this.path = path;
    }

    public Reason reason() {
      return reason;
    }

    /** Name of the QNX errno, such as {@code EEXIST}. */
    public String errno() {
      return errno;
    }

    /** Of the object, empty when there is none. */
    public String path() {
      return path;
    }
  }

  /** No manager could be reached in time; nothing was changed. */
  public static final class Unavailable extends HamException {
    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The request was sent and no answer came in time: it may or may not have been done. */
  public static final class OutcomeUnknown extends HamException {
    public OutcomeUnknown(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The two do not understand each other: another protocol, a fault in the manager, a lost stream.
   */
  public static final class Broken extends HamException {
    public Broken(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Why a manager refuses. */
  public enum Reason {
    INVALID,
    EXISTS,
    NAME_TOO_LONG,
    NOT_FOUND,
    NO_SUCH_PROCESS,
    NOT_PERMITTED,
    CANNOT_START,
    LIMIT,
    /** Not now: try again later. */
    UNAVAILABLE,
    /** The call makes no sense in this state. */
    BAD_HANDLE,
    /** More than is kept. */
    TOO_BIG,
    /** The time that was given is over; nothing was changed. */
    TIMED_OUT,
    /** A reason that this version does not know. */
    OTHER
  }
}

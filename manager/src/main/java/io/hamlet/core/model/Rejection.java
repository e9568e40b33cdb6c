package io.hamlet.core.model;

/**
 * A refusal, as a value: nothing was changed.
 *
 * @param reason the class of the refusal; scripts and programs look at this only
 * @param message what happened, to whom, and what to do next; for people
 */
public record Rejection(Reason reason, String message) {
  /** Why, with the name of the QNX errno that stands for it (ham.md 2, set E). */
  public enum Reason {
    /** A malformed name, type, flag, range or command line, or a handle of another kind. */
    INVALID("EINVAL"),
    /** The name exists already at that place. */
    EXISTS("EEXIST"),
    NAME_TOO_LONG("ENAMETOOLONG"),
    /** The object does not exist, or is not the one the handle was made for. */
    NOT_FOUND("ENOENT"),
    /** The process does not exist, or is not the one that was meant. */
    NO_SUCH_PROCESS("ESRCH"),
    /** The caller, or this manager, may not do that. */
    NOT_PERMITTED("EPERM"),
    /** The program cannot be run as asked. */
    CANNOT_START("ENOEXEC"),
    /** A bound of {@link Limits} is reached. */
    LIMIT("ENOSPC"),
    /** Not now: the node is going down, or its log cannot take the change. */
    UNAVAILABLE("EAGAIN"),
    /** The call makes no sense in this state (sam.md 1.3). */
    BAD_HANDLE("EBADF"),
    /** More than is kept. */
    TOO_BIG("E2BIG"),
    /** The time that the caller has given is over; nothing was changed. */
    TIMED_OUT("ETIMEDOUT");

    private final String errno;

    Reason(String errno) {
      this.errno = errno;
    }

    /** The QNX errno name, for people who know the originals. */
    public String errno() {
      return errno;
    }
  }
}

package io.hamlet.agent.cli;

import io.hamlet.client.HamException;

/** What scripts may rely on (cli.md 1). */
public enum ExitCode {
  DONE(0),
  /** By the manager: what, whose, why, what to do. */
  REFUSED(1),
  /** The answer is "no", or "not all of it". */
  NO(2),
  USAGE(64),
  /** No manager reachable. */
  UNREACHABLE(69),
  /** State cannot be written. */
  CANNOT_WRITE(73),
  /** Nothing was changed. */
  TRY_AGAIN(75),
  NOT_PERMITTED(77),
  CONFIGURATION(78);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  public int status() {
    return status;
  }

  /** The one of another command; what is none of these is {@link #REFUSED}. */
  static ExitCode of(int status) {
    return java.util.Arrays.stream(values())
        .filter(c -> c.status == status)
        .findFirst()
        .orElse(REFUSED);
  }

  static ExitCode of(HamException failure) {
    return switch (failure) {
      case HamException.Refused refused -> of(refused.reason());
      case HamException.Unavailable unavailable -> UNREACHABLE;
      // Neither "nothing changed" nor "done": not all of it, as far as anybody knows.
      case HamException.OutcomeUnknown unknown -> NO;
      case HamException.Broken broken -> REFUSED;
    };
  }

  private static ExitCode of(HamException.Reason reason) {
    return switch (reason) {
      case INVALID, EXISTS, NAME_TOO_LONG, NOT_FOUND, NO_SUCH_PROCESS, CANNOT_START, LIMIT, OTHER ->
          REFUSED;
      case BAD_HANDLE, TOO_BIG -> REFUSED;
      case NOT_PERMITTED -> NOT_PERMITTED;
      case UNAVAILABLE, TIMED_OUT -> TRY_AGAIN;
    };
  }
}

package io.hamlet.agent.cli;

/** A failure on this side of the connection: what, whose, why, what to do. */
final class Failure extends RuntimeException {
  private final ExitCode exitCode;

  Failure(ExitCode exitCode, String message) {
    super(message, null, false, false);
    this.exitCode = exitCode;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}

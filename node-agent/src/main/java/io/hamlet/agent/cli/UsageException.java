package io.hamlet.agent.cli;

/** The command line itself is wrong; nothing was asked of a manager. */
public final class UsageException extends RuntimeException {
  UsageException(String message) {
    super(message, null, false, false);
  }
}

package io.hamlet.agent.process;

/** Why a program cannot be started; an answer, so without a stack trace. */
final class StartFailure extends RuntimeException {
  StartFailure(String message) {
    super(message, null, false, false);
  }
}

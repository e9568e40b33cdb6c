package io.hamlet.agent.demo;

/** The demo cannot go on, or did not see what it should. */
public final class DemoFailure extends RuntimeException {
  DemoFailure(String message) {
    super(message, null, false, false);
  }
}

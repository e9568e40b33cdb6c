package io.hamlet.it.sim;

/** The manager is killed here and now. Caught by the {@link World} only; it has no stack trace. */
final class Crashed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Crashed(String where) {
    super(where, null, false, false);
  }
}

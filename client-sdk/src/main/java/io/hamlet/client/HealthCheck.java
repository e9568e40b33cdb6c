package io.hamlet.client;

/** Asked about once an interval whether the program is well (sam.md 2.4). */
@FunctionalInterface
public interface HealthCheck {
  /** Called on the library's own thread; must come back well within an interval. */
  Health check() throws Exception;

  /** What a check finds. */
  enum Health {
    OK,
    /** Nobody can say; it has no effect. */
    UNKNOWN,
    /** No more messages are sent for this instance: it is warned, then killed. */
    FAILED,
    /** The same, and the warning comes at once. */
    FAILED_NOW
  }
}

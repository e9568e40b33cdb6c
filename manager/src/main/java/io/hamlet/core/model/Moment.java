package io.hamlet.core.model;

/**
 * One instant on two clocks. Decisions use the first; the second is for people.
 *
 * @param bootNanos CLOCK_BOOTTIME of the writer of the log, in nanoseconds
 * @param wallNanos CLOCK_REALTIME, in nanoseconds since 1970
 */
public record Moment(long bootNanos, long wallNanos) {
  public static final Moment ZERO = new Moment(0, 0);
}

package io.hamlet.client.internal;

import io.hamlet.client.HamException;
import java.time.Duration;

/**
 * Where rights to lead under one name are had. For one thread at a time. Calls throw {@link
 * HamException} when they are refused or their outcome is not known.
 */
interface Ballot {
  /** From now on changes are noticed, until {@link #rest}. */
  void listen() throws InterruptedException;

  /** Changes matter no more. */
  void rest();

  /** Waits until something has changed since {@link #listen}, or for so long. */
  void await(Duration atMost) throws InterruptedException;

  /**
   * Begins or goes on.
   *
   * @param turn 1: begins
   * @param span so long after this is called it may be believed
   * @return the token
   */
  long claim(long holder, long turn, Duration span, Duration timeout) throws InterruptedException;

  /** Gives it up if it has it. */
  void leave(long holder, Duration timeout) throws InterruptedException;

  /** True when nothing will ever be answered again. */
  boolean isOver();

  /** The same may be granted a little later. */
  static boolean passes(HamException.Refused e) {
    return switch (e.reason()) {
      case UNAVAILABLE, TIMED_OUT, LIMIT -> true;
      default -> false;
    };
  }
}

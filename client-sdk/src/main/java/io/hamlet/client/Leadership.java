package io.hamlet.client;

import java.util.concurrent.ExecutionException;

/** A program's wish to lead, from {@link Ham#lead}, until it is closed or done. Thread-safe. */
public interface Leadership extends AutoCloseable {
  String name();

  /** True while this program leads and nobody else can. */
  boolean isLeader();

  /** The token of this time; 0 while it does not lead. */
  long token();

  /**
   * Waits until the work is done, or this is closed.
   *
   * @throws ExecutionException the work has thrown that while it led; or the wish was refused, with
   *     the {@link HamException.Refused} as cause
   */
  void await() throws InterruptedException, ExecutionException;

  /**
   * Gives it up: the work is interrupted, and the next may begin as soon as it has returned. Waits
   * for that, but no longer than the right lasts, and not when the work itself calls this.
   */
  @Override
  void close();
}

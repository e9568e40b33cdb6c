package io.hamlet.client.recovery;

/**
 * The recovery function of a connection (ham.md 9.3). It runs in the thread whose call failed,
 * alone: other threads that use the connection wait for its outcome.
 *
 * @param <C> the type of the connection
 */
@FunctionalInterface
public interface Recovery<C> {
  /** What a function returns that cannot, or will not, recover. */
  int NOT_RECOVERED = -1;

  /**
   * Opens the connection anew, here or elsewhere, and restores its state.
   *
   * @return {@link Recovering#id()} for success, as {@link Recovering#reopen} gives it; anything
   *     else, or an exception: the caller gets the error of its call
   */
  int recover(Recovering<C> it) throws Exception;

  /** Opens anew, and that is all. */
  static <C> Recovery<C> reopening(Opener<C> opener) {
    return it -> it.reopen(opener);
  }

  /** Opens anew, and tries for so long: a server that was just started may not listen yet. */
  static <C> Recovery<C> reopening(Opener<C> opener, java.time.Duration patience) {
    return it -> it.reopen(opener, patience);
  }
}

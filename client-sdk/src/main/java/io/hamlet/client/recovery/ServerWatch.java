package io.hamlet.client.recovery;

/**
 * Who knows where the server is: a HAM, or anything else that hears of restarts and moves.
 * Thread-safe.
 */
public interface ServerWatch {
  /** Nobody knows. */
  ServerWatch NONE =
      new ServerWatch() {
        @Override
        public Server now() {
          return new Server("", "", 0, 0, false);
        }

        @Override
        public Listening onChange(Runnable listener) {
          return () -> {};
        }
      };

  /** What was heard last; never null, never blocks. */
  Server now();

  /** Calls the listener, which is short, after each change of {@link #now}, until closed. */
  Listening onChange(Runnable listener);

  /** A registered listener. */
  @FunctionalInterface
  interface Listening extends AutoCloseable {
    @Override
    void close();
  }
}

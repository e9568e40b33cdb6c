package io.hamlet.client.internal;

/** Where beats go. Thread-safe. */
interface Beats extends AutoCloseable {
  /** Nowhere: the process does not beat. */
  Beats NONE =
      new Beats() {
        @Override
        public void beat() {}

        @Override
        public void close() {}
      };

  void beat();

  @Override
  void close();
}

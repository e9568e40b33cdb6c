package io.hamlet.client;

/** Who runs an entity of the cluster, asked again and again. Thread-safe. */
public interface OwnerWatch extends AutoCloseable {
  /** What was heard last; never null, never blocks. What it says of its end lapses by itself. */
  Ownership now();

  /**
   * Calls a listener, which is short, on a thread of the watch after each change of node or token.
   */
  void onChange(Runnable listener);

  @Override
  void close();
}

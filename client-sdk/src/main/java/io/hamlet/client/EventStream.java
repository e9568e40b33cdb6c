package io.hamlet.client;

import java.time.Duration;

/**
 * A running watch. It goes on by itself over broken connections, without gap or repeat. For one
 * reader at a time; close it from any thread.
 */
public interface EventStream extends AutoCloseable {
  /**
   * The next; null when the watch is over ({@link WatchSpec#noFollow}, or closed). Throws {@link
   * HamException} when the manager has ended it, LIMIT for a reader that was too slow.
   */
  Watched next() throws InterruptedException;

  /** The next, or null if none comes in time or the watch is over. */
  Watched poll(Duration atMost) throws InterruptedException;

  /** True when nothing more will come. */
  boolean isOver();

  @Override
  void close();
}

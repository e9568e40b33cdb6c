package io.hamlet.client;

import java.time.Duration;

/**
 * A running watch. It goes on by itself over broken connections, without gap or repeat. For one
 * reader at a time; close it from any thread.
 */
public final class EventStream implements AutoCloseable {
  EventStream() {}

  /** The next; null when the watch is over ({@link WatchSpec#noFollow}, or closed). */
  public Watched next() throws InterruptedException {
    throw new UnsupportedOperationException("being written");
  }

  /** The next, or null if none comes in time or the watch is over. */
  public Watched poll(Duration atMost) throws InterruptedException {
    throw new UnsupportedOperationException("being written");
  }

  /** True when nothing more will come. */
  public boolean isOver() {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("being written");
  }
}

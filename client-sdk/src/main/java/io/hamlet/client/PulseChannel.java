package io.hamlet.client;

import java.time.Duration;

/**
 * A channel on which this process receives pulses, each once, in order (architecture.md 6).
 * Thread-safe.
 */
public final class PulseChannel implements AutoCloseable {
  PulseChannel() {}

  /** The number that senders name; with this process's pid. */
  public int number() {
    throw new UnsupportedOperationException("being written");
  }

  /** The node whose manager keeps it. */
  public String node() {
    throw new UnsupportedOperationException("being written");
  }

  /**
   * The next pulse; it is acknowledged by being taken. Throws {@link HamException.Broken} when the
   * channel was lost, and null once it is closed.
   */
  public Pulse next() throws InterruptedException {
    throw new UnsupportedOperationException("being written");
  }

  /** The next pulse, or null if none comes in time. */
  public Pulse poll(Duration atMost) throws InterruptedException {
    throw new UnsupportedOperationException("being written");
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("being written");
  }
}

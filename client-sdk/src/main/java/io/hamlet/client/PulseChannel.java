package io.hamlet.client;

import java.time.Duration;

/**
 * A channel on which this process receives pulses, each once, in order (architecture.md 6).
 * Thread-safe.
 */
public interface PulseChannel extends AutoCloseable {
  /** The number that senders name; with this process's pid. */
  int number();

  /** The node whose manager keeps it; empty: the one that is connected. */
  String node();

  /**
   * The next pulse; it is acknowledged by being taken. Throws {@link HamException} when the channel
   * was lost; null once it is closed.
   */
  Pulse next() throws InterruptedException;

  /** The next pulse, or null if none comes in time. */
  Pulse poll(Duration atMost) throws InterruptedException;

  /** Closes it for good; pulses to it fail from now on. */
  @Override
  void close();
}

package io.hamlet.manager.port;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The way to the leader, from any node. Thread-safe; never blocks. */
@FunctionalInterface
public interface Proposals {
  /**
   * Has a command committed by whoever leads.
   *
   * @return completes as {@link Consensus#propose} does
   */
  CompletableFuture<Long> propose(byte[] command, Duration timeout);
}

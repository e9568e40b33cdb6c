package io.hamlet.manager.port;

import java.util.concurrent.CompletableFuture;

/** Turning other nodes off. Thread-safe; nothing here blocks. */
public interface Fencing {
  /** Of a node that was told of no power switch. */
  Fencing NONE =
      node ->
          CompletableFuture.failedFuture(
              new UnsupportedOperationException(
                  "nothing is configured here that turns nodes off; give fencing and fence-agent to"
                      + " each voter"));

  /**
   * Turns a node off.
   *
   * @return done when it is certainly off; failed with the reason if it may not be
   */
  CompletableFuture<Void> off(String node);
}

package io.hamlet.agent.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The watchdog of the host.
 *
 * @param device such as {@code /dev/watchdog}; with another file in its place nothing is reset
 * @param timeout of the device, 2 s to 120 s; it is petted at half of it
 */
public record WatchdogConfig(Path device, Duration timeout) {
  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofSeconds(120);

  /** Throws IllegalArgumentException. */
  static Duration timeout(String text) {
    return ClusterReader.span(text, SHORTEST, LONGEST);
  }
}

package io.hamlet.agent.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What turns other nodes off, and when.
 *
 * @param required always before something is relocated; else where the end of a lease proves
 *     nothing
 * @param agent an executable of the fence_* convention
 * @param options a file of lines {@code NODE name=value}; may hold passwords
 * @param timeout of one call, 1 s to 10 min
 */
public record FenceConfig(
    boolean required, Path agent, Optional<SecretFile> options, Duration timeout) {
  static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
  static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);
}

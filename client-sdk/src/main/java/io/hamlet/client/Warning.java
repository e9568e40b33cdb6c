package io.hamlet.client;

import java.time.Duration;

/**
 * This instance is about to be killed.
 *
 * @param reason {@code silent} or {@code quorum}
 * @param grace until then, from when the warning was given
 */
public record Warning(String reason, Duration grace) {}

package io.hamlet.client;

/**
 * How an instance ended.
 *
 * @param instance its number
 * @param cause exited, silent, quorum, marked, operator, reboot, not-started, unkillable
 * @param exit as in events: {@code exit 3}, {@code signal 9}, {@code unknown}
 * @param status what a supervisor that ends with its program exits with (sam.md 2.5, 4.3)
 */
public record SamEnd(long instance, String cause, String exit, int status) {}

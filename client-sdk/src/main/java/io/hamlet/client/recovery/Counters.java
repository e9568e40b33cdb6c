package io.hamlet.client.recovery;

import java.time.Duration;

/**
 * What a recovery record has seen, as of one moment.
 *
 * @param recoveries that succeeded, since the record was made or the count was reset
 * @param failureAttempts for the failure that is not over; 0: none
 * @param attempts calls of the recovery function, ever
 * @param inVain attempts that did not succeed, ever
 * @param unknown calls that ended as {@link OutcomeUnknown}, ever
 * @param spent in recovery functions, ever
 */
public record Counters(
    long recoveries,
    long failureAttempts,
    long attempts,
    long inVain,
    long unknown,
    Duration spent) {}

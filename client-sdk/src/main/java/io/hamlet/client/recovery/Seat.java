package io.hamlet.client.recovery;

/**
 * What sits in a connection's place at one time. For covers; others need {@link HaConnection#call}.
 *
 * @param connection null inside the library only, while a recovery runs
 * @param generation rises with each recovery, so that an old failure is told from a new one
 */
public record Seat<C>(C connection, long generation) {}

package io.hamlet.agent.basic.core;

/**
 * The time of an input.
 *
 * @param mono milliseconds on a clock that never jumps; what deadlines are made of
 * @param wall milliseconds since 1970; for people
 */
public record Now(long mono, long wall) {}

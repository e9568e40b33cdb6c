package io.hamlet.agent.basic.core;

/**
 * A result that somebody submits.
 *
 * @param host empty: that of the check
 * @param state the state it names; empty: what the output says
 */
public record Report(String check, String host, int exit, String state, String output) {}

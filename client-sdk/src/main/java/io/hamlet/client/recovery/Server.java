package io.hamlet.client.recovery;

/**
 * The server of a connection, as its manager knows it.
 *
 * @param entity its name
 * @param node where it runs; empty: not known
 * @param pid 0: no process
 * @param token of its current start, rising with each; 0: none
 * @param up it was started and has not ended; it need not listen yet
 */
public record Server(String entity, String node, long pid, long token, boolean up) {}

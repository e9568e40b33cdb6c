package io.hamlet.client.recovery;

/**
 * Opens a connection.
 *
 * @param <C> what a program holds: a channel, a client, a session
 */
@FunctionalInterface
public interface Opener<C> {
  /** A new connection, never null; any exception says that there is none yet. */
  C open() throws Exception;
}

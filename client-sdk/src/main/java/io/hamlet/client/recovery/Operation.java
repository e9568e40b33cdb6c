package io.hamlet.client.recovery;

/**
 * Something done with a connection.
 *
 * @param <C> the connection
 * @param <R> what comes out
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface Operation<C, R, X extends Exception> {
  R on(C connection) throws X;
}

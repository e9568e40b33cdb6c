/**
 * Saying "I am well" at the price of a store.
 *
 * <p>Knows the word of the liveness table. Must not know gRPC, periods or marks. Thread-safe.
 */
package io.hamlet.client.heartbeat;

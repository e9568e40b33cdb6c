/**
 * What asks: the client library. Start at {@link io.hamlet.client.Ham}.
 *
 * <p>Knows the public API in proto. Must not know the manager, and shows no proto or gRPC type.
 * Safe for any thread; calls block the caller, virtual threads welcome.
 */
package io.hamlet.client;

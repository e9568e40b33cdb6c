/**
 * How the client library asks: channels, repeats, streams, and the mapping to proto.
 *
 * <p>Knows gRPC, proto and the public types. Must not be used by anybody but {@code
 * io.hamlet.client}. One event loop thread for each connection, which never blocks.
 */
package io.hamlet.client.internal;

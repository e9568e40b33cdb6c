/**
 * The public API: gRPC services over the ports.
 *
 * <p>Knows gRPC, Netty, {@code manager.wire} and {@code manager.port}. Must not know JGroups, Linux
 * calls, or the state beyond a read-only snapshot. Runs on one event loop that never blocks; what
 * may block goes to virtual threads.
 */
package io.hamlet.manager.api;

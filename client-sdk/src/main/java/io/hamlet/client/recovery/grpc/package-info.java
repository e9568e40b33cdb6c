/**
 * Calls of gRPC that heal.
 *
 * <p>Knows {@link io.hamlet.client.recovery} and gRPC. Thread-safe.
 */
package io.hamlet.client.recovery.grpc;

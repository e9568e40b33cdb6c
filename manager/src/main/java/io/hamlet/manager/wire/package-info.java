/**
 * Core values as bytes and back: log entries, snapshots, digests. Both ways, total, deterministic.
 *
 * <p>Knows {@code core} and the generated {@code hamlet.internal.v1}. Must not know ports, files or
 * threads. Stateless: any thread.
 */
package io.hamlet.manager.wire;

/**
 * Leases as datagrams: sent, received, and judged by the machines of the core.
 *
 * <p>Knows core.lease and the ports. Must not know the bus, consensus or the log. {@link LeaseDesk}
 * runs on one thread, that of {@link LeaseSocket}; other threads post.
 */
package io.hamlet.manager.lease;

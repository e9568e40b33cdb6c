/**
 * Copies of the other nodes' trees: the writer feeds, the voters pull, keep, and give back.
 *
 * <p>Knows core, log, wire, the loop's replay and history, and the ports {@code ClusterBus} and
 * {@code Requests}. Must not know JGroups, gRPC, or what an entry means. Feeding, pulling and each
 * disk have threads of their own; what decides has none.
 */
package io.hamlet.manager.replica;

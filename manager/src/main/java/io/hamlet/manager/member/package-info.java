/**
 * Membership of a cluster: the tree that all voters share, who joins, who is lost, who leads.
 *
 * <p>Knows the core, the ports, the wire and the loop of the cluster. Must not know the bus or the
 * consensus by name, disks or gRPC. The cluster thread, unless a class says otherwise.
 */
package io.hamlet.manager.member;

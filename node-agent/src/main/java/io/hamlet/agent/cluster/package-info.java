/**
 * The part of a manager that is beyond its own node: bus, votes, leases, replicas and errands put
 * together, and the thread that serves the cluster.
 *
 * <p>Knows the manager and the configuration. Must not know processes or the core thread's reactor.
 * What is decided is decided on the cluster thread.
 */
package io.hamlet.agent.cluster;

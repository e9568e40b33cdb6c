/**
 * What daemons of one cluster tell each other, all of it through their managers: results as the
 * output of an entity, records in the cluster's tree. Knows the client library, and texts; what is
 * in them is not its business. Threads of its own, and those of its callers.
 */
package io.hamlet.agent.basic.cluster;

package io.hamlet.manager.api;

import io.hamlet.core.cluster.ClusterState;
import io.hamlet.manager.port.Directory;
import io.hamlet.manager.port.Fencing;
import io.hamlet.manager.port.RemoteProcesses;
import io.hamlet.manager.port.Replicas;
import io.hamlet.manager.port.Requests;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What clients are offered beyond the node they call.
 *
 * @param directory where the other managers are
 * @param replicas trees of other nodes that are kept here, for the time when they are lost
 * @param processes of the other hosts, as their own managers tell
 * @param tree the desk of the cluster tree; null: it is not kept here
 * @param state all that the voters agree on, as it is known here; null: it is not
 * @param right for how many more nanoseconds this node may run entities of the cluster; 0: it may
 *     not
 * @param fencing how this node turns others off when it leads
 */
public record Cluster(
    Directory directory,
    Replicas replicas,
    RemoteProcesses processes,
    Requests tree,
    Supplier<ClusterState> state,
    LongSupplier right,
    Fencing fencing) {}

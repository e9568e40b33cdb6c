package io.hamlet.core.cluster;

import io.hamlet.core.model.Moment;

/**
 * One committed entry.
 *
 * @param index in the log of the consensus
 * @param at the moment of the leader that took it
 */
public record ClusterEntry(long index, Moment at, ClusterEvent event) {}

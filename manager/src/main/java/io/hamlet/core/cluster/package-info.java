/**
 * The brain of the cluster: who belongs to it, who is lost, and the one tree that all voters share.
 *
 * <p>Knows the model and the machine of a tree. Must not know consensus, bus, clocks or threads.
 * Pure and immutable: any thread, one at a time per state.
 */
package io.hamlet.core.cluster;

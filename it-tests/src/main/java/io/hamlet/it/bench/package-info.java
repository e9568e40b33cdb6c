/**
 * The clients that {@code deploy/bin/bench} measures a node with; each is a program of its own.
 *
 * <p>Knows the client SDK, and the generated API where a figure is about the wire itself. Must not
 * know the agent, and of the manager no more than the bus and the replicas that a figure is about.
 * Each runs on its main thread and those it starts.
 */
package io.hamlet.it.bench;

/**
 * Voters as processes of their own, what they said, and whether it can be true. Knows the consensus
 * of the manager and nothing else of a node. A reader thread for each process; the histories are
 * thread-safe.
 */
package io.hamlet.it.vote;

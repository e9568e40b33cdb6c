/**
 * What a node is told before it starts: options and a file, every problem found at once; and where
 * it keeps its things.
 *
 * <p>Knows the kinds of time stamp, and nothing else of Hamlet. Immutable; any thread.
 */
package io.hamlet.agent.config;

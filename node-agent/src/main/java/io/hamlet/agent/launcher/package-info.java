/**
 * The managers' end of the two pipes to the launcher, {@code deploy/bin/ham run}.
 *
 * <p>Knows nothing else of Hamlet. Has one thread, which only reads.
 */
package io.hamlet.agent.launcher;

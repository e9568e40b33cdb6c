/**
 * {@code ham supervise} (sam.md 4.5): a program that knows nothing of SAM, under SAM. Knows the
 * client, the notify socket and the probes; must not know the manager's insides. The thread of the
 * reactor, which is the one that runs the command.
 */
package io.hamlet.agent.supervise;

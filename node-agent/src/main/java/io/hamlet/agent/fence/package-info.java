/**
 * Turning nodes off by commands that follow the fence_* convention of ClusterLabs.
 *
 * <p>Knows the system calls and the port. Must not know who is to be turned off, or why. {@link
 * FenceAgent} has a thread for each command.
 */
package io.hamlet.agent.fence;

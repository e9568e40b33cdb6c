/**
 * The command line: one class per command or small family, all through the client SDK.
 *
 * <p>Knows the SDK's public types and where a node keeps its socket. Must not know the manager, its
 * ports or the OS. Runs on the main thread; the process ends with it.
 */
package io.hamlet.agent.cli;

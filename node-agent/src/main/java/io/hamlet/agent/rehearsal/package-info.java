/**
 * What the JVM watches when it makes the AOT cache of the command line.
 *
 * <p>Knows the command line and the API. Must not know the manager: a command meets none in its own
 * process. Runs on the main thread.
 */
package io.hamlet.agent.rehearsal;

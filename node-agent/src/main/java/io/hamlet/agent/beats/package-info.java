/**
 * The liveness table on tmpfs, by which entities of this host say that they are well.
 *
 * <p>Knows files and the port it serves. Must not know periods, marks or what a missed beat means.
 * Thread-safe.
 */
package io.hamlet.agent.beats;

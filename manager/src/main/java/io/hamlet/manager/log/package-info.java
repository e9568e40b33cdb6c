/**
 * The log of a node tree: live in tmpfs, durable on disk, and how both are read again.
 *
 * <p>One format for both: the durable log is the live log's segments, copied. Knows core, wire and
 * the port {@code Journal}. Must not know what an entry means. The core thread appends; supply,
 * durable copy and snapshots have a thread each, and only the first of the three never meets a
 * disk.
 */
package io.hamlet.manager.log;

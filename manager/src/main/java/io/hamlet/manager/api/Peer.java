package io.hamlet.manager.api;

import io.grpc.Attributes;
import io.grpc.Context;

/**
 * Who is at the other end of a connection, as the kernel says.
 *
 * @param pid 0 when it is not known: the connection is TCP, or the process is of another PID
 *     namespace
 * @param uid -1 when it is not known
 * @param inode of its socket, for TCP; 0 when it is not known
 */
record Peer(long pid, long uid, long inode) {
  static final Peer UNKNOWN = new Peer(0, -1, 0);

  /** Set on the transport when a connection is accepted. */
  static final Attributes.Key<Peer> TRANSPORT = Attributes.Key.create("io.hamlet.peer");

  /** Set for the time of a call. */
  static final Context.Key<Peer> CALL = Context.keyWithDefault("io.hamlet.peer", UNKNOWN);
}

package io.hamlet.manager.lease;

import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** The way out for datagrams: best effort, never blocking. The buffer is the caller's again. */
public interface Post {
  /** To both managers of a node; nothing when its address is unknown. */
  void toNode(String node, ByteBuffer datagram);

  /** To that one slot of a node if it is one of its places, else as {@link #toNode}. */
  void toSlot(String node, SocketAddress slot, ByteBuffer datagram);

  /** To where one came from. */
  void back(SocketAddress source, ByteBuffer datagram);
}

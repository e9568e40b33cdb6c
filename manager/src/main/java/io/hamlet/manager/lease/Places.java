package io.hamlet.manager.lease;

import java.net.InetSocketAddress;
import java.util.List;

/** Where the managers of a node listen. Called on the lease thread; must not block. */
public interface Places {
  /** The addresses of both slots of that node, resolved; empty: unknown. */
  List<InetSocketAddress> of(String node);
}

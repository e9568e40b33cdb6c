package io.hamlet.manager.port;

import java.util.List;

/** The nodes of the cluster as this node knows them. Thread-safe. */
public interface Directory {
  /** All nodes by name, this one included; lost ones stay until they are forgotten. */
  List<Node> nodes();

  /** That node, or null. */
  default Node node(String name) {
    for (Node node : nodes()) {
      if (node.name().equals(name)) {
        return node;
      }
    }
    return null;
  }

  /**
   * Calls back, on any thread and quickly, when a node has come, gone, changed its state or its
   * address; close to end it.
   */
  AutoCloseable onChange(Runnable bell);

  /** The cluster itself, or null for a node that is in none. */
  About about();

  /**
   * One node.
   *
   * @param address where its manager serves gRPC, {@code HOST:PORT}; empty: unknown
   * @param hamPid 0: not heard of now
   * @param guardianPid 0: not heard of now
   */
  record Node(
      String name,
      State state,
      boolean voter,
      long hamPid,
      long guardianPid,
      String address,
      long incarnation) {}

  /** What a node is to the others. */
  enum State {
    UP,
    /** It was stopped in good order. */
    LEAVING,
    LOST
  }

  /**
   * @param id drawn when the cluster was founded; empty: not known yet
   * @param quorate a majority of the voters was heard lately
   * @param leader empty: nobody is known to lead
   */
  record About(String name, String id, boolean quorate, String leader) {}
}

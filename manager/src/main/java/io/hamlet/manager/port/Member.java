package io.hamlet.manager.port;

/**
 * One process on the bus.
 *
 * @param node the name of its node
 * @param role what it is now; a Guardian that takes over becomes the HAM
 * @param pid on its host
 * @param incarnation of its node, as far as that is known; 0: not yet
 * @param address where its manager serves gRPC, {@code HOST:PORT}; empty: nowhere beyond its host
 */
public record Member(String node, Role role, long pid, long incarnation, String address) {
  /** The two managers of a node. */
  public enum Role {
    HAM,
    GUARDIAN
  }

  /** True for the same process: where it serves and what it is may have changed meanwhile. */
  public boolean isSameProcess(Member other) {
    return node.equals(other.node) && pid == other.pid;
  }
}

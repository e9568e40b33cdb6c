package io.hamlet.manager.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where the bus of one process is, and where it looks for others.
 *
 * @param address of this host, at which the others reach it
 * @param port first of the ten ports of the node
 * @param seeds hosts by name and first port, looked up anew for each search
 * @param multicast group that is asked too; null: none
 * @param key what the members share, 32 bytes or more; null: everything is said in the clear
 */
public record BusConfig(
    InetAddress address, int port, List<Seed> seeds, InetSocketAddress multicast, byte[] key) {
  /**
   * The ports that the two managers of a node take, whichever is free, counted from the node's
   * first: each has four more behind it.
   */
  public static final List<Integer> SLOTS = List.of(0, 5);

  /** Other nodes at all addresses of this name, whose ports begin here. */
  public record Seed(String host, int port) {}
}

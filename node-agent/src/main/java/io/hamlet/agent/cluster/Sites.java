package io.hamlet.agent.cluster;

import io.hamlet.manager.cluster.BusConfig;
import io.hamlet.manager.lease.Places;
import io.hamlet.manager.wire.Hello;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the nodes are, as they have told on the bus, or as the cluster's tree has it for voters;
 * kept when they are gone. Thread-safe.
 */
final class Sites implements Places {
  /** Of its consensus. */
  static final int CONSENSUS = 1;

  private final Map<String, InetSocketAddress> firsts = new ConcurrentHashMap<>();

  void heard(List<Hello> hellos) {
    for (Hello hello : hellos) {
      InetSocketAddress first = address(hello.place());
      if (first != null) {
        firsts.put(hello.member().node(), first);
      }
    }
  }

  /**
   * Of the tree; what the bus tells is newer.
   *
   * @param consensus address of its consensus
   */
  void voter(String node, String consensus) {
    InetSocketAddress known = address(consensus);
    if (known != null && known.getPort() > CONSENSUS) {
      firsts.putIfAbsent(
          node, new InetSocketAddress(known.getAddress(), known.getPort() - CONSENSUS));
    }
  }

  /** Where the consensus of a node is, {@code ADDRESS:PORT}, or null. */
  String consensus(String node) {
    InetSocketAddress first = firsts.get(node);
    return first == null ? null : text(first.getAddress(), first.getPort() + CONSENSUS);
  }

  @Override
  public List<InetSocketAddress> of(String node) {
    InetSocketAddress first = firsts.get(node);
    return first == null
        ? List.of()
        : BusConfig.SLOTS.stream().map(slot -> at(first, slot)).toList();
  }

  static String text(InetAddress address, int port) {
    String host = address.getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static InetSocketAddress at(InetSocketAddress first, int slot) {
    return new InetSocketAddress(first.getAddress(), first.getPort() + slot);
  }

  /** Null for what is none; nothing is looked up. */
  private static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return colon < 0
          ? null
          : new InetSocketAddress(
              InetAddress.ofLiteral(text.substring(0, colon)),
              Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}

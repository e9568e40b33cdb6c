package io.hamlet.agent.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** One way to find the other nodes. */
public sealed interface Join {
  /** A host by name or address. */
  record Host(String host, int port) implements Join {}

  /** All addresses that a name has in DNS, such as a headless service of Kubernetes. */
  record Dns(String name, int port) implements Join {}

  /** Whoever answers in a multicast group of the local network. */
  record Multicast(InetAddress group, int port) implements Join {}

  /** How many hosts may be named. */
  int MOST = 64;

  String DEFAULT_GROUP = "239.192.42.26";

  /** Last of the ten ports of a node with the default port. */
  int DEFAULT_MULTICAST_PORT = Bind.DEFAULT_PORT + Bind.PORTS - 1;

  /**
   * Reads {@code HOST[:PORT]}, {@code dns:NAME[:PORT]} and {@code multicast[:GROUP[:PORT]]}, parted
   * by commas. Throws IllegalArgumentException.
   *
   * @param port where none is given
   */
  static List<Join> parse(String text, int port) {
    List<Join> all = new ArrayList<>();
    for (String word : Words.of(text, "--join", MOST)) {
      all.add(one(word, port));
    }
    return List.copyOf(all);
  }

  private static Join one(String word, int port) {
    if (word.equals("multicast") || word.startsWith("multicast:")) {
      String rest = word.equals("multicast") ? DEFAULT_GROUP : word.substring(10);
      HostPort read = HostPort.parse(rest);
      if (read.address() == null || !read.address().isMulticastAddress()) {
        throw new IllegalArgumentException("'" + rest + "' is not a multicast group");
      }
      return new Multicast(read.address(), read.port() < 0 ? DEFAULT_MULTICAST_PORT : read.port());
    }
    boolean isDns = word.startsWith("dns:");
    HostPort read = HostPort.parse(isDns ? word.substring(4) : word);
    int theirs = read.port() < 0 ? port : Bind.port(read.port());
    if (isDns && read.address() != null) {
      throw new IllegalArgumentException("'" + read.host() + "' is an address, and needs no dns:");
    }
    return isDns ? new Dns(read.host(), theirs) : new Host(read.host(), theirs);
  }
}

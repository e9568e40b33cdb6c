package io.hamlet.agent.config;

import java.net.InetAddress;

/**
 * Where a node speaks with the others: it owns this port and the nine that follow, TCP and UDP.
 *
 * @param port 1 to 65526
 */
public record Bind(InetAddress address, int port) {
  /** How many ports a node owns. */
  public static final int PORTS = 10;

  static final int DEFAULT_PORT = 4227;

  private static final int LAST = 65_536 - PORTS;

  /** Reads {@code ADDR[:PORT]}. Throws IllegalArgumentException. */
  static Bind parse(String text) {
    HostPort read = HostPort.parse(text);
    InetAddress address = read.address();
    if (address == null) {
      throw new IllegalArgumentException("'" + read.host() + "' is not an address of this host");
    }
    if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
      throw new IllegalArgumentException(
          "'" + read.host() + "' is no address at which others can reach this host; name one");
    }
    return new Bind(address, port(read.port()));
  }

  public boolean isLoopback() {
    return address.isLoopbackAddress();
  }

  /** The first of ten ports; -1 is the default. */
  static int port(int port) {
    if (port == 0 || port > LAST) {
      throw new IllegalArgumentException(
          port + " is not a port between 1 and " + LAST + ": a node needs it and the nine behind");
    }
    return port < 0 ? DEFAULT_PORT : port;
  }
}

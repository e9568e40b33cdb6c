package io.hamlet.client.internal;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a manager listens.
 *
 * @param text {@code unix:PATH} or {@code HOST:PORT}
 */
record Address(String text, SocketAddress socket) {
  static final String VARIABLE = "HAM_SERVER";

  /** Reads comma lists; none: the environment's. Throws IllegalArgumentException. */
  static List<Address> list(String... texts) {
    List<Address> found = new ArrayList<>();
    for (String text : texts) {
      addAll(found, text);
    }
    if (found.isEmpty()) {
      String server = System.getenv(VARIABLE);
      addAll(found, server == null ? "" : server);
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "no address of a manager: give unix:PATH or HOST:PORT, or set " + VARIABLE);
    }
    return List.copyOf(found);
  }

  static Address parse(String text) {
    if (text.startsWith("unix:")) {
      String path = text.substring("unix:".length());
      if (path.isEmpty()) {
        throw new IllegalArgumentException("'" + text + "' has no path");
      }
      return new Address(text, UnixDomainSocketAddress.of(path));
    }
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("'" + text + "' is neither unix:PATH nor HOST:PORT");
    }
    return new Address(text, new InetSocketAddress(host(text, colon), port(text, colon)));
  }

  /** A socket file. */
  boolean isLocal() {
    return socket instanceof UnixDomainSocketAddress;
  }

  boolean isLoopback() {
    return socket instanceof InetSocketAddress tcp
        && tcp.getAddress() != null
        && tcp.getAddress().isLoopbackAddress();
  }

  private static void addAll(List<Address> found, String text) {
    for (String one : text.split(",")) {
      if (!one.isBlank()) {
        found.add(parse(one.strip()));
      }
    }
  }

  private static String host(String text, int colon) {
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return bracketed ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(String text, int colon) {
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw new IllegalArgumentException("'" + text + "' has no port between 1 and 65535");
  }
}

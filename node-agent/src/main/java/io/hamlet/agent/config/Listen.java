package io.hamlet.agent.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Where the API is served beside the socket: a loopback address. */
public record Listen(String host, int port) {
  /** Reads {@code HOST:PORT}; port 0: any free one. Throws IllegalArgumentException. */
  static Listen parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("'" + text + "' is not HOST:PORT or none");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (!isLoopback(host)) {
      throw new IllegalArgumentException(
          "'"
              + host
              + "' is not a loopback address; off loopback TLS is required, which this"
              + " version does not have yet");
    }
    return new Listen(host, port(text.substring(colon + 1)));
  }

  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  /** Names are not looked up: an answer from outside must not decide who may call. */
  private static boolean isLoopback(String host) {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return host.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
          && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static int port(String text) {
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException("'" + text + "' is not a port between 0 and 65535");
  }
}

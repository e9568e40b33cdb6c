package io.hamlet.agent.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Where the API is served beside the socket; off loopback only with TLS. */
public record Listen(String host, int port) {
  /** Reads {@code HOST:PORT}; port 0: any free one. Throws IllegalArgumentException. */
  static Listen parse(String text) {
    HostPort read = HostPort.parse(text);
    if (read.port() < 0) {
      throw new IllegalArgumentException("'" + text + "' is not HOST:PORT or none");
    }
    return new Listen(read.host(), read.port());
  }

  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  /**
   * Where others find what is served here, as {@code HOST:PORT}.
   *
   * @param own address of this host, for one that listens on all of them
   * @param bound the port that is really served
   */
  public String reachedAt(InetAddress own, int bound) {
    InetAddress address = new HostPort(host, port).address();
    boolean everywhere = address != null && address.isAnyLocalAddress();
    String name = everywhere ? own.getHostAddress() : host;
    return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + bound;
  }

  /** Names are not looked up: an answer from outside must not decide who may call. */
  public boolean isLoopback() {
    InetAddress address = new HostPort(host, port).address();
    return address != null && address.isLoopbackAddress();
  }
}

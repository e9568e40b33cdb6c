package io.hamlet.agent.supervise.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Connects, and hangs up. */
final class TcpProbe implements Probe {
  private final String host;
  private final int port;

  TcpProbe(String host, int port) {
    this.host = host;
    this.port = port;
  }

  @Override
  public Finding look(Duration limit) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      return Finding.unknown("there is no address for '" + host + "'");
    }
    try (Socket socket = new Socket()) {
      socket.connect(address, Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE));
      return Finding.well("");
    } catch (IOException e) {
      return Finding.sick(host + ":" + port + ": " + e.getMessage());
    }
  }
}

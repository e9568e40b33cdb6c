package io.hamlet.client.internal;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A service on loopback that answers as the test says, and a client of it. */
final class OneManager implements AutoCloseable {
  final Session session;
  private final Server server;

  OneManager(BindableService service) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(service)
            .build()
            .start();
    session = Session.open(null, "127.0.0.1:" + server.getPort());
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    session.link().close();
    server.shutdownNow();
  }
}

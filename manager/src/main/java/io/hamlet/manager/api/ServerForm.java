package io.hamlet.manager.api;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How every server of the API is made, whatever its socket: what it serves, whom it lets in, and
 * how much it takes. Thread-safe.
 */
final class ServerForm {
  /** The data of a supervised program, and what goes around it. */
  private static final int MAX_MESSAGE = (1 << 20) + (1 << 16);

  private static final int MAX_METADATA = 16 * 1024;
  private static final int CALLS_PER_CONNECTION = 1_024;
  private static final int MOST_CONNECTIONS = 512;
  private final EventLoopGroup loop;
  private final PeerNegotiator local;
  private final PeerNegotiator remote;
  private final PeerGuard guard;
  private final List<ServerServiceDefinition> services;

  /**
   * @param loop serves all connections
   * @param keys for TCP; null: without TLS
   */
  ServerForm(
      EventLoopGroup loop,
      LoopbackOwners owners,
      TlsKeys keys,
      PeerGuard guard,
      List<ServerServiceDefinition> services) {
    this.loop = loop;
    this.local = new PeerNegotiator(owners, MOST_CONNECTIONS, null);
    this.remote = new PeerNegotiator(owners, MOST_CONNECTIONS, keys);
    this.guard = guard;
    this.services = services;
  }

  /** Starts one that listens on a socket file. */
  Server unix(DomainSocketAddress address, Door door) throws IOException {
    return configured(NettyServerBuilder.forAddress(address), local)
        .channelFactory(door)
        // Set by gRPC for all; null takes it away, or each such socket would be warned about.
        .withChildOption(ChannelOption.SO_KEEPALIVE, null)
        .build()
        .start();
  }

  /** Starts one that listens on a TCP port. */
  Server tcp(InetSocketAddress address, Door door) throws IOException {
    return configured(NettyServerBuilder.forAddress(address), remote)
        .channelFactory(door)
        .build()
        .start();
  }

  private NettyServerBuilder configured(NettyServerBuilder builder, PeerNegotiator negotiator) {
    return builder
        .bossEventLoopGroup(loop)
        .workerEventLoopGroup(loop)
        .directExecutor()
        .protocolNegotiator(negotiator)
        .addTransportFilter(new Passport.Reader())
        .intercept(guard)
        .addServices(services)
        .maxInboundMessageSize(MAX_MESSAGE)
        .maxInboundMetadataSize(MAX_METADATA)
        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
        .handshakeTimeout(10, TimeUnit.SECONDS)
        .maxRstFramesPerWindow(10_000, 10)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .keepAliveTimeout(10, TimeUnit.SECONDS);
  }
}

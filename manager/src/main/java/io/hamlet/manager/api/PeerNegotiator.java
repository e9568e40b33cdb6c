package io.hamlet.manager.api;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins a connection, with TLS if there are keys. Puts the kernel's word about the peer into the
 * attributes of a new connection, and bounds the number of connections. gRPC has no public place
 * where the channel can be seen this early.
 */
final class PeerNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
  private static final Logger LOG = LoggerFactory.getLogger(PeerNegotiator.class);
  private final LoopbackOwners owners;
  private final int mostConnections;
  private final TlsKeys keys;
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * @param keys null: without TLS
   */
  PeerNegotiator(LoopbackOwners owners, int mostConnections, TlsKeys keys) {
    this.owners = owners;
    this.mostConnections = mostConnections;
    this.keys = keys;
  }

  @Override
  public AsciiString scheme() {
    return AsciiString.of(keys == null ? "http" : "https");
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
    ChannelHandler last =
        keys == null
            ? InternalProtocolNegotiators.grpcNegotiationHandler(grpc)
            : InternalProtocolNegotiators.serverTls(keys.now().server()).newHandler(grpc);
    return InternalProtocolNegotiators.waitUntilActiveHandler(
        new Introduction(last), grpc.getNegotiationLogger());
  }

  @Override
  public void close() {}

  private Peer peer(Channel channel) {
    try {
      return switch (channel) {
        case EpollDomainSocketChannel local -> {
          PeerCredentials credentials = local.peerCredentials();
          yield new Peer(credentials.pid(), Integer.toUnsignedLong(credentials.uid()), 0);
        }
        case EpollSocketChannel tcp when tcp.remoteAddress().getAddress().isLoopbackAddress() ->
            owners.find(tcp.remoteAddress(), tcp.localAddress());
        default -> Peer.UNKNOWN;
      };
    } catch (IOException e) {
      LOG.warn("cannot tell who connected at {}: {}", channel.localAddress(), e.getMessage());
      return Peer.UNKNOWN;
    }
  }

  /** Stands where the connection becomes active, and goes away once it is introduced. */
  private final class Introduction extends ChannelInboundHandlerAdapter {
    private final ChannelHandler next;

    Introduction(ChannelHandler next) {
      this.next = next;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
      if (!(event instanceof ProtocolNegotiationEvent negotiated)) {
        super.userEventTriggered(context, event);
        return;
      }
      Channel channel = context.channel();
      channel.closeFuture().addListener(done -> connections.decrementAndGet());
      if (connections.incrementAndGet() > mostConnections) {
        LOG.warn("more than {} connections: a new one is closed", mostConnections);
        channel.close();
        return;
      }
      context.pipeline().addAfter(context.name(), null, next);
      context.fireUserEventTriggered(
          InternalProtocolNegotiationEvent.withAttributes(
              negotiated,
              InternalProtocolNegotiationEvent.getAttributes(negotiated).toBuilder()
                  .set(Peer.TRANSPORT, peer(channel))
                  .build()));
      context.pipeline().remove(this);
    }
  }
}

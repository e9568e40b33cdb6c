package io.hamlet.manager.api;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.UnixChannel;
import java.net.SocketAddress;

/**
 * A listening socket whose descriptor can be handed to a successor: made here, or inherited. Who
 * calls before {@link #open} waits in its queue and is not refused, over any number of takeovers.
 */
final class Door implements ChannelFactory<ServerChannel> {
  /** For a socket that is to be made. */
  static final int NONE = -1;

  private final boolean unix;
  private final int inherited;
  private volatile ServerChannel channel;

  /**
   * @param inherited a listening descriptor, which is this object's from now on, or {@link #NONE}
   */
  Door(boolean unix, int inherited) {
    this.unix = unix;
    this.inherited = inherited;
  }

  boolean isInherited() {
    return inherited != NONE;
  }

  @Override
  public ServerChannel newChannel() {
    ServerChannel made = isInherited() ? taken() : fresh();
    made.config().setAutoRead(false);
    if (isInherited()) {
      made.pipeline().addFirst(new BoundAlready());
    }
    channel = made;
    return made;
  }

  /** From now on callers are let in. */
  void open() {
    channel.config().setAutoRead(true);
  }

  /** The listening descriptor; NONE while there is none. */
  int descriptor() {
    return channel instanceof UnixChannel c ? c.fd().intValue() : NONE;
  }

  private ServerChannel fresh() {
    return unix ? new EpollServerDomainSocketChannel() : new EpollServerSocketChannel();
  }

  private ServerChannel taken() {
    return unix
        ? new EpollServerDomainSocketChannel(inherited, true)
        : new EpollServerSocketChannel(inherited);
  }

  /** What an ancestor bound is not bound again. */
  private static final class BoundAlready extends ChannelOutboundHandlerAdapter {
    @Override
    public void bind(ChannelHandlerContext context, SocketAddress address, ChannelPromise promise) {
      promise.setSuccess();
    }
  }
}

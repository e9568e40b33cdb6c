package io.hamlet.manager.api;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.manager.port.Directory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to the managers of other nodes: one each, made when it is needed, and closed when its
 * node is gone. Event loop only, but for the bell of the directory.
 *
 * <p>gRPC waits a second and more after a refused connection. A takeover is over long before, so as
 * long as calls wait it is told to try again within milliseconds.
 */
final class Peers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
  private static final int MAX_MESSAGE = 64 << 20;
  private static final int CONNECT_MILLIS = 2_000;
  private static final long SHORTEST_PAUSE_MS = 10;
  private static final long LONGEST_PAUSE_MS = 250;
  private static final long LONGEST_LEAVE_MS = 2_000;

  private final Supplier<String> own;
  private final Directory directory;
  private final EventLoop loop;
  private final TlsKeys keys;
  private final AutoCloseable bell;
  private final Map<String, Peer> peers = new HashMap<>();

  /**
   * @param own the name of this node
   * @param keys null: without TLS, on loopback
   */
  Peers(Supplier<String> own, Directory directory, EventLoop loop, TlsKeys keys) {
    this.own = own;
    this.directory = directory;
    this.loop = loop;
    this.keys = keys;
    this.bell = directory.onChange(() -> onLoop(this::changed));
  }

  String own() {
    return own.get();
  }

  EventLoop loop() {
    return loop;
  }

  /** The connection to that node's manager at that address. */
  Peer to(Directory.Node node) {
    Peer peer = peers.get(node.name());
    if (peer != null && !peer.address.equals(node.address())) {
      peer.close();
      peer = null;
    } else if (peer != null && peer.generation != generation()) {
      peer.channel.shutdown(); // What is under way ends under the old certificate.
      peer = null;
    }
    if (peer == null) {
      peer = new Peer(node.address());
      peers.put(node.name(), peer);
    }
    return peer;
  }

  /**
   * Calls to who is gone end now; to who is there they try again at once. Who leaves answers what
   * it was asked, above all to leave, and ends its calls itself.
   */
  private void changed() {
    peers.entrySet().removeIf(e -> isGone(e.getKey(), e.getValue()));
    peers.values().forEach(Peer::tryAgain);
  }

  private boolean isGone(String name, Peer peer) {
    Directory.Node node = directory.node(name);
    boolean gone =
        node == null || node.state() != Directory.State.UP || !node.address().equals(peer.address);
    if (gone && node != null && node.state() == Directory.State.LEAVING) {
      peer.leave();
    } else if (gone) {
      peer.close();
    }
    return gone;
  }

  /** Ends all calls. On any thread. */
  @Override
  public void close() {
    try {
      bell.close();
    } catch (Exception e) {
      throw new IllegalStateException("a bell that cannot be taken down", e);
    }
    onLoop(
        () -> {
          peers.values().forEach(Peer::close);
          peers.clear();
        });
  }

  /** Nothing is left to do when the loop has ended. */
  private void onLoop(Runnable work) {
    try {
      loop.execute(work);
    } catch (RejectedExecutionException e) {
      LOG.debug("the server has stopped already");
    }
  }

  /** One of them. */
  final class Peer {
    private final String address;
    private final int generation = generation();
    private final ManagedChannel channel;
    private int calls;
    private long pause = SHORTEST_PAUSE_MS;
    private boolean nudging;

    private Peer(String address) {
      this.address = address;
      this.channel = open(address);
      watch();
    }

    ManagedChannel channel() {
      return channel;
    }

    /** A call is under way. */
    void began() {
      calls++;
      nudge();
    }

    void ended() {
      calls--;
    }

    private void tryAgain() {
      pause = SHORTEST_PAUSE_MS;
      channel.resetConnectBackoff();
    }

    private void close() {
      channel.shutdownNow();
    }

    private void leave() {
      if (channel.getState(false) == ConnectivityState.READY) {
        channel.shutdown();
        loop.schedule(this::close, LONGEST_LEAVE_MS, TimeUnit.MILLISECONDS);
      } else {
        close();
      }
    }

    /** Hears of it when a connection cannot be made. */
    private void watch() {
      ConnectivityState now = channel.getState(false);
      if (now == ConnectivityState.READY) {
        pause = SHORTEST_PAUSE_MS;
      }
      if (now != ConnectivityState.SHUTDOWN) {
        channel.notifyWhenStateChanged(now, () -> onLoop(this::watch));
        nudge();
      }
    }

    private void nudge() {
      if (!nudging && hasFailed()) {
        nudging = true;
        loop.schedule(this::again, pause, TimeUnit.MILLISECONDS);
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
      }
    }

    private void again() {
      nudging = false;
      if (hasFailed()) {
        channel.resetConnectBackoff();
        nudge();
      }
    }

    private boolean hasFailed() {
      return calls > 0 && channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE;
    }
  }

  private int generation() {
    return keys == null ? 0 : keys.now().generation();
  }

  private ManagedChannel open(String address) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, Math.max(0, colon));
    String port = address.substring(colon + 1);
    if (host.isEmpty() || !port.matches("\\d{1,5}")) {
      throw new Refused(
          Rejection.Reason.UNAVAILABLE, "'" + address + "' is no address of a manager");
    }
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(
            bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(port));
    if (keys == null) {
      builder.usePlaintext();
    } else {
      builder.sslContext(keys.now().client());
    }
    return builder
        .eventLoopGroup(loop)
        .channelType(EpollSocketChannel.class, InetSocketAddress.class)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .directExecutor()
        .disableRetry()
        .overrideAuthority("localhost")
        .maxInboundMessageSize(MAX_MESSAGE)
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .build();
  }
}

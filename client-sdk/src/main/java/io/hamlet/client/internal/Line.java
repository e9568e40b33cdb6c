package io.hamlet.client.internal;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.InternalNettyChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.StatusRequest;
import io.hamlet.v1.StatusResponse;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;

/** One address, the channel to it when there is one, and what went wrong last. Thread-safe. */
final class Line {
  private static final int MAX_MESSAGE = 64 << 20;
  private static final int CONNECT_MILLIS = 2_000;
  private static final long LONGEST_SILENCE_MS = 2_000;

  /** Who hears of a silence even later has stood still itself. */
  private static final long LATEST_NANOS = TimeUnit.MILLISECONDS.toNanos(LONGEST_SILENCE_MS + 200);

  private final Address address;
  private final EventLoopGroup loop;
  private final Keys keys;
  private ManagedChannel channel;
  private int generation;
  private String trouble = "";
  private boolean mistrusted;
  private boolean asking;

  /**
   * @param keys null: TCP without TLS
   */
  Line(Address address, EventLoopGroup loop, Keys keys) {
    this.address = address;
    this.loop = loop;
    this.keys = address.isLocal() ? null : keys;
  }

  Address address() {
    return address;
  }

  synchronized ManagedChannel channel() {
    Keys.Read read = keys == null ? null : keys.now();
    if (read != null && channel != null && read.generation() != generation) {
      channel.shutdown(); // What is under way ends under the old certificate.
      channel = null;
    }
    if (channel == null) {
      generation = read == null ? 0 : read.generation();
      channel = open(read);
    }
    return channel;
  }

  /** A call has failed; the next is to try at once. */
  synchronized void failed(Status status) {
    trouble = Faults.text(status);
    mistrusted = Faults.isMistrust(status);
    if (channel != null) {
      channel.resetConnectBackoff();
    }
  }

  synchronized void worked() {
    trouble = "";
    mistrusted = false;
  }

  /**
   * A call over it is unanswered for long, as it may be. What every manager answers at once is
   * asked; one that is silent then is not there, and its connection is closed. gRPC would find out
   * after 15 s: a host that was cut off closes nothing.
   */
  void doubt() {
    ManagedChannel suspect;
    synchronized (this) {
      if (asking || channel == null || channel.getState(false) != ConnectivityState.READY) {
        return;
      }
      asking = true;
      suspect = channel;
    }
    long begin = System.nanoTime();
    SentMark sent = new SentMark(() -> {});
    CallOptions options =
        CallOptions.DEFAULT
            .withDeadlineAfter(LONGEST_SILENCE_MS, TimeUnit.MILLISECONDS)
            .withStreamTracerFactory(sent);
    new UnaryCall<StatusResponse>()
        .begin(
            suspect.newCall(HamGrpc.getStatusMethod(), options), StatusRequest.getDefaultInstance())
        .thenAccept(
            outcome -> {
              // Not sent: the connection is full of calls, which says nothing about the manager.
              boolean silent = outcome.status().getCode() == Status.Code.DEADLINE_EXCEEDED;
              boolean late = System.nanoTime() - begin > LATEST_NANOS;
              doubted(suspect, silent && sent.isSet() && !late);
              if (silent && late) {
                doubt();
              }
            });
  }

  private void doubted(ManagedChannel suspect, boolean silent) {
    synchronized (this) {
      asking = false;
      if (silent && channel == suspect) {
        channel = null;
      }
    }
    if (silent) {
      suspect.shutdownNow();
    }
  }

  /** The two do not believe each other, which does not mend by itself. */
  synchronized boolean isMistrusted() {
    return mistrusted;
  }

  /** The address, and what went wrong with it last. */
  synchronized String story() {
    return trouble.isEmpty() ? address.text() : address.text() + " (" + trouble + ")";
  }

  synchronized void close() {
    if (channel != null) {
      channel.shutdownNow();
      channel = null;
    }
  }

  private ManagedChannel open(Keys.Read read) {
    SocketAddress socket = address.socket();
    if (socket instanceof InetSocketAddress tcp && tcp.isUnresolved()) {
      socket = new InetSocketAddress(tcp.getHostString(), tcp.getPort());
    }
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(socket)
            .eventLoopGroup(loop)
            .directExecutor()
            .disableRetry()
            .overrideAuthority("localhost")
            // On this host too: a killed manager that cannot die keeps its connections open.
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(5, TimeUnit.SECONDS)
            .maxInboundMessageSize(MAX_MESSAGE);
    if (read == null) {
      builder.usePlaintext();
    } else {
      builder.sslContext(read.context());
    }
    // Nobody looks at these, and each costs classes that a short-lived program would load.
    InternalNettyChannelBuilder.setStatsEnabled(builder, false);
    InternalNettyChannelBuilder.setTracingEnabled(builder, false);
    if (address.isLocal()) {
      builder
          .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
          // Set by gRPC for all; null takes it away, or each such socket would be warned about.
          .withOption(ChannelOption.SO_KEEPALIVE, null);
    } else {
      builder
          .channelType(NioSocketChannel.class, InetSocketAddress.class)
          .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
    }
    return builder.build();
  }
}

package io.hamlet.client.internal;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.InternalNettyChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.hamlet.client.HamException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The connection behind a {@link Ham}: one event loop, one channel at a time to one of the
 * addresses. Thread-safe.
 *
 * <p>gRPC waits a second after a refused connection; a takeover is over long before, so every
 * failure here resets that and tries again within milliseconds.
 */
final class Link {
  private static final int MAX_MESSAGE = 64 << 20;
  private static final long SHORTEST_PAUSE_MS = 1;
  private static final long LONGEST_PAUSE_MS = 50;

  /** Somebody who has never been reached is waited for no longer than that. */
  private static final long FIRST_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final List<Address> addresses;
  private final Tags tags = new Tags();
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("ham-client", true), NioIoHandler.newFactory());
  private volatile boolean reached;
  private int current;
  private ManagedChannel channel;
  private boolean closed;

  Link(List<Address> addresses) {
    this.addresses = addresses;
  }

  List<Address> addresses() {
    return addresses;
  }

  Tags tags() {
    return tags;
  }

  /** Makes a unary call, again and again until it is answered or the time is over. */
  <Q, A> A call(MethodDescriptor<Q, A> method, Q request, Duration timeout)
      throws InterruptedException {
    long begin = System.nanoTime();
    long end = begin + Math.min(Wire.nanos(timeout), Long.MAX_VALUE / 4);
    long patience = reached ? end : Math.min(end, begin + FIRST_PATIENCE_NANOS);
    SentMark sent = new SentMark();
    long pause = SHORTEST_PAUSE_MS;
    boolean lost = false;
    while (true) {
      ManagedChannel through = channel();
      UnaryCall<A> call = new UnaryCall<>();
      Outcome<A> outcome = call.make(through, method, request, options(sent, end));
      if (outcome.status().isOk()) {
        return outcome.answer();
      }
      long now = System.nanoTime();
      boolean again =
          Faults.isConnectionLost(outcome.status(), outcome.trailers())
              && now < (reached ? end : patience)
              && !isClosed();
      if (!again) {
        HamException why = Faults.of(outcome.status(), outcome.trailers(), sent.isSet());
        // An earlier try may have been made all the same.
        throw lost && Faults.isNotNow(why)
            ? new HamException.OutcomeUnknown(why.getMessage(), why)
            : why;
      }
      lost |= sent.isSet();
      Thread.sleep(pause);
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
      if (!Faults.isBeyond(outcome.trailers())) {
        failed(through);
      }
    }
  }

  /** The channel to use now. Throws Unavailable when the link is closed. */
  synchronized ManagedChannel channel() {
    if (closed) {
      throw new HamException.Unavailable("this connection was closed", null);
    }
    if (channel == null) {
      channel = open(addresses.get(current));
    }
    return channel;
  }

  /** A channel has failed: the next address, or the same again without delay. */
  synchronized void failed(ManagedChannel which) {
    if (closed || which != channel) {
      return; // Another caller has seen to it.
    }
    if (addresses.size() > 1) {
      current = (current + 1) % addresses.size();
      channel.shutdown();
      channel = null;
    } else {
      channel.resetConnectBackoff();
    }
  }

  /** Runs on the event loop after a pause that grows with the number of failures in a row. */
  void later(int failures, Runnable what) {
    long pause = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS << Math.min(failures, 10));
    if (!loop.isShuttingDown()) {
      loop.schedule(what, pause, TimeUnit.MILLISECONDS);
    }
  }

  CallOptions streamOptions() {
    return CallOptions.DEFAULT.withStreamTracerFactory(new SentMark());
  }

  /** Waits for that, but for somebody who has never been reached only a little while. */
  boolean await(CountDownLatch begun, Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + Math.min(Wire.nanos(timeout), Long.MAX_VALUE / 4);
    long first = Math.min(Wire.nanos(timeout), FIRST_PATIENCE_NANOS);
    return begun.await(first, TimeUnit.NANOSECONDS)
        || (reached && begun.await(end - System.nanoTime(), TimeUnit.NANOSECONDS));
  }

  synchronized boolean isClosed() {
    return closed;
  }

  void close() {
    ManagedChannel last;
    synchronized (this) {
      closed = true;
      last = channel;
      channel = null;
    }
    if (last != null) {
      last.shutdownNow();
    }
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private CallOptions options(SentMark sent, long end) {
    return CallOptions.DEFAULT
        .withDeadlineAfter(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)
        .withStreamTracerFactory(sent);
  }

  private ManagedChannel open(Address address) {
    SocketAddress socket = address.socket();
    if (socket instanceof InetSocketAddress tcp && tcp.isUnresolved()) {
      socket = new InetSocketAddress(tcp.getHostString(), tcp.getPort());
    }
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(socket)
            .eventLoopGroup(loop)
            .directExecutor()
            .usePlaintext()
            .disableRetry()
            .overrideAuthority("localhost")
            .maxInboundMessageSize(MAX_MESSAGE);
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
          .keepAliveTime(10, TimeUnit.SECONDS)
          .keepAliveTimeout(5, TimeUnit.SECONDS);
    }
    return builder.build();
  }

  /** Notes whether a request was given to a living connection. */
  private final class SentMark extends ClientStreamTracer.Factory {
    private volatile boolean set;

    boolean isSet() {
      return set;
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void outboundHeaders() {
          set = true;
          reached = true;
        }
      };
    }
  }

  /** How a call ended. */
  private record Outcome<A>(Status status, Metadata trailers, A answer) {}

  /** One try of a unary call. */
  private static final class UnaryCall<A> extends ClientCall.Listener<A> {
    private final CompletableFuture<Outcome<A>> outcome = new CompletableFuture<>();
    private volatile A answer;

    <Q> Outcome<A> make(
        ManagedChannel channel, MethodDescriptor<Q, A> method, Q request, CallOptions options)
        throws InterruptedException {
      ClientCall<Q, A> call = channel.newCall(method, options);
      call.start(this, new Metadata());
      call.request(2);
      call.sendMessage(request);
      call.halfClose();
      try {
        return outcome.get();
      } catch (InterruptedException e) {
        call.cancel("interrupted", e);
        throw e;
      } catch (ExecutionException e) {
        throw new IllegalStateException("never completed so", e);
      }
    }

    @Override
    public void onMessage(A message) {
      answer = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      boolean empty = status.isOk() && answer == null;
      outcome.complete(
          new Outcome<>(
              empty ? Status.INTERNAL.withDescription("an answer without content") : status,
              trailers,
              answer));
    }
  }
}

package io.hamlet.it.bench;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.hamlet.v1.AttachSelfRequest;
import io.hamlet.v1.AttachSelfResponse;
import io.hamlet.v1.Beat;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.HeartbeatResponse;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.CompletableFuture;

/**
 * Sends beats over one gRPC stream as fast as the node takes them, without the SDK, which would
 * store them in shared memory. Prints the number and the rate per second until all were taken.
 */
final class BeatStreamRate {
  private BeatStreamRate() {}

  public static void main(String[] args) throws Exception {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(args[0]))
            .eventLoopGroup(loop)
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .overrideAuthority("localhost")
            .usePlaintext()
            .directExecutor()
            .build();
    try {
      AttachSelfRequest request =
          AttachSelfRequest.newBuilder()
              .setName("flood")
              .setPid(ProcessHandle.current().pid())
              .setPeriodNs(1_000_000_000)
              .build();
      AttachSelfResponse self = HamGrpc.newBlockingStub(channel).attachSelf(request);
      Beat beat =
          Beat.newBuilder().setSlot(self.getSlot()).setGeneration(self.getGeneration()).build();
      int count = Integer.parseInt(args[1]);
      send(channel, beat, count);
      long nanos = send(channel, beat, count);
      System.out.printf("%d %d%n", count, count * 1_000_000_000L / nanos);
    } finally {
      channel.shutdownNow();
      loop.shutdownGracefully();
    }
  }

  private static long send(ManagedChannel channel, Beat beat, int count) throws Exception {
    Flood flood = new Flood(beat, count);
    long begin = System.nanoTime();
    HamGrpc.newStub(channel).heartbeat(flood);
    flood.taken.get();
    return System.nanoTime() - begin;
  }

  /** All its beats; it sends what the connection takes, and goes on when that takes more. */
  private static final class Flood implements ClientResponseObserver<Beat, HeartbeatResponse> {
    private final CompletableFuture<HeartbeatResponse> taken = new CompletableFuture<>();
    private final Beat beat;
    private int left;

    Flood(Beat beat, int count) {
      this.beat = beat;
      this.left = count;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Beat> out) {
      out.setOnReadyHandler(
          () -> {
            while (left > 0 && out.isReady()) {
              out.onNext(beat);
              if (--left == 0) {
                out.onCompleted();
              }
            }
          });
    }

    @Override
    public void onNext(HeartbeatResponse answer) {
      taken.complete(answer);
    }

    @Override
    public void onError(Throwable broken) {
      taken.completeExceptionally(broken);
    }

    @Override
    public void onCompleted() {}
  }
}

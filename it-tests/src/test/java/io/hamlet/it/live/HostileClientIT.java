package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.hamlet.client.Entity;
import io.hamlet.v1.AckLevel;
import io.hamlet.v1.AddConditionRequest;
import io.hamlet.v1.ControlRequest;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.PublishStateRequest;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.Target;
import io.hamlet.v1.WatchRequest;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that break the rules of the wire harm nobody but themselves. */
class HostileClientIT extends LiveTest {
  /** A heap of 128 MiB, its JVM, and what the kernel counts of mapped files. */
  private static final long MOST_KIB = 400 * 1024;

  private EventLoopGroup loop;
  private ManagedChannel channel;
  private Entity good;
  private long ham;

  @BeforeEach
  void connect() throws InterruptedException {
    loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(node.socket()))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .withOption(io.netty.channel.ChannelOption.SO_KEEPALIVE, null)
            .eventLoopGroup(loop)
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
    good = watched("good", "/bin/sleep", "1000");
    ham = node.hamPid();
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
    loop.shutdownGracefully();
  }

  @Test
  void numbersThatNoEnumHasAreRefusedAndChangeNothing() throws Exception {
    HamGrpc.HamBlockingStub stub = HamGrpc.newBlockingStub(channel);
    Target target = Target.newBuilder().setPath("good").build();
    String before = node.ham().statusWithDigest().digest();
    AddConditionRequest.Builder condition =
        AddConditionRequest.newBuilder().setEntity(target).setName("c");
    refused(() -> stub.addCondition(condition.clone().setTypeValue(99).build()));
    refused(() -> stub.addCondition(condition.clone().setTypeValue(-1).build()));
    refused(() -> stub.addCondition(condition.clone().setTypeValue(1).setRearmValue(9).build()));
    refused(() -> stub.addCondition(condition.clone().setTypeValue(1).setFlags(-1).build()));
    refused(
        () ->
            stub.addCondition(
                condition.clone().setHeader(RequestHeader.newBuilder().setAckValue(77)).build()));
    refused(
        () -> stub.control(ControlRequest.newBuilder().setTarget(target).setVerbValue(42).build()));
    refused(() -> stub.control(ControlRequest.newBuilder().setVerbValue(1).build()));
    refused(() -> stub.publishState(PublishStateRequest.getDefaultInstance()));
    assertThat(node.ham().statusWithDigest().digest()).isEqualTo(before);
  }

  @Test
  void aFloodOfRequestsWhoseAnswersNobodyReadsIsBorne() throws Exception {
    PublishStateRequest request =
        PublishStateRequest.newBuilder()
            .setHeader(RequestHeader.newBuilder().setAck(AckLevel.ACK_LEVEL_LOCAL))
            .setEntity(Target.newBuilder().setPath("good"))
            .setState(1)
            .build();
    AtomicInteger ended = new AtomicInteger();
    for (int i = 0; i < 100_000; i++) {
      ClientCall<PublishStateRequest, ?> call = call(HamGrpc.getPublishStateMethod(), ended);
      call.sendMessage(request);
      call.halfClose();
    }
    isWell();
    channel.shutdownNow();
    isWell();
    assertThat(Proc.rssKib(ham)).isLessThan(MOST_KIB);
  }

  @Test
  void aWatchThatIsNeverReadIsEndedOrWaitsWithoutCost() throws Exception {
    List<ClientCall<?, ?>> watches = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      ClientCall<WatchRequest, ?> watch = call(HamGrpc.getWatchMethod(), new AtomicInteger());
      watch.sendMessage(WatchRequest.getDefaultInstance());
      watch.halfClose();
      watches.add(watch);
    }
    io.hamlet.client.Ham fast = node.ham().withAck(io.hamlet.client.Ack.LOCAL);
    for (int i = 0; i < 10_000; i++) {
      fast.named("good").publishState(i % 7);
    }
    isWell();
    assertThat(Proc.rssKib(ham)).isLessThan(MOST_KIB);
    watches.forEach(w -> w.cancel("the test is over", null));
  }

  @Test
  void rubbishOnTheSocketIsHungUpOn() throws Exception {
    Random random = new Random(1);
    List<SocketChannel> sockets = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      try {
        SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(node.socket()));
        sockets.add(socket);
        byte[] bytes = new byte[random.nextInt(5_000)];
        random.nextBytes(bytes);
        if (i % 3 == 0) {
          socket.write(ByteBuffer.wrap("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes("US-ASCII")));
        }
        socket.write(ByteBuffer.wrap(bytes));
      } catch (IOException hungUp) {
        // As it should be.
      }
    }
    for (SocketChannel socket : sockets) {
      socket.close();
    }
    isWell();
  }

  /** It answers, and does its work. */
  private void isWell() throws InterruptedException {
    Until.isTrue(
        "it answers",
        () -> node.ham().withTimeout(Duration.ofSeconds(2)).status().ham().pid() == ham);
    long pid = node.pid("good");
    Proc.signal("KILL", pid);
    successor("good", pid);
    assertThat(good.path()).isEqualTo("good");
  }

  private <Q, A> ClientCall<Q, A> call(MethodDescriptor<Q, A> method, AtomicInteger ended) {
    ClientCall<Q, A> call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.incrementAndGet();
          }
        },
        new Metadata());
    return call;
  }

  private static void refused(Runnable call) {
    AtomicReference<Status.Code> code = new AtomicReference<>(Status.Code.OK);
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      code.set(e.getStatus().getCode());
    }
    assertThat(code.get()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }
}

package io.hamlet.client.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.hamlet.client.HamException;
import io.hamlet.v1.ChangeResponse;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.StopRequest;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection that is closed while a call over it is tried again. */
@Timeout(60)
class ClosedLinkTest {
  /** After so many the pauses between them are the longest; it is closed in one of these. */
  private final CountDownLatch tries = new CountDownLatch(10);

  @Test
  void whatWasSentMayHaveBeenDone() throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(new Manager())
            .build()
            .start();
    Session session = Session.open(null, "127.0.0.1:" + server.getPort());
    CompletableFuture<Void> call = new CompletableFuture<>();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    session.change(
                        HamGrpc.getStopMethod(),
                        h -> StopRequest.newBuilder().setHeader(h).build());
                    call.complete(null);
                  } catch (Exception e) {
                    call.completeExceptionally(e);
                  }
                });
    tries.await();
    while (Stream.of(caller.getStackTrace()).noneMatch(f -> f.getMethodName().equals("sleep"))) {
      Thread.onSpinWait();
    }
    session.link().close();
    assertThatThrownBy(call::get).hasCauseInstanceOf(HamException.OutcomeUnknown.class);
    server.shutdownNow();
  }

  /** It goes each time, maybe after it has done what it was asked. */
  private final class Manager extends HamGrpc.HamImplBase {
    @Override
    public void stop(StopRequest request, StreamObserver<ChangeResponse> out) {
      tries.countDown();
      out.onError(Status.UNAVAILABLE.asException());
    }
  }
}

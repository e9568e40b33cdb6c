package io.hamlet.client.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.hamlet.client.HamException;
import io.hamlet.v1.ChangeResponse;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.StopRequest;
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
    try (OneManager manager = new OneManager(new Manager())) {
      CompletableFuture<Void> call = new CompletableFuture<>();
      Thread caller =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      manager.session.change(
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
      manager.session.link().close();
      assertThatThrownBy(call::get).hasCauseInstanceOf(HamException.OutcomeUnknown.class);
    }
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

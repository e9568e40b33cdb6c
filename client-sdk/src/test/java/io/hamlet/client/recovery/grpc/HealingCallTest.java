package io.hamlet.client.recovery.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.hamlet.client.recovery.Ha;
import io.hamlet.client.recovery.HaConnection;
import io.hamlet.client.recovery.Recovering;
import io.hamlet.client.recovery.Terms;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that do not wait for a recovery that takes long. */
@Timeout(60)
class HealingCallTest {
  private static final MethodDescriptor<String, String> GET = HaInterceptorTest.method("Get", true);

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch healed = new CountDownLatch(1);
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());
  private final HaConnection<Lost> connection =
      Ha.attach(new Lost(), this::recover, Terms.USUAL.losses(HaInterceptor.LOSSES));
  private final Channel channel = HaInterceptor.channel(connection, HaInterceptor.DECLARED);

  private int recover(Recovering<Lost> it) throws InterruptedException {
    begun.countDown();
    healed.await();
    return it.id();
  }

  @AfterEach
  void heal() {
    healed.countDown();
  }

  @Test
  void theDeadlineOfACallEndsItWhileItIsHealed() {
    assertDeadlineEnds();
  }

  @Test
  void theDeadlineOfACallEndsItWhileAnotherIsHealed() throws Exception {
    begin(CallOptions.DEFAULT);
    begun.await();
    assertDeadlineEnds();
  }

  private void assertDeadlineEnds() {
    CallOptions soon = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.MILLISECONDS);
    assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel, GET, soon, "a"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
  }

  @Test
  void aCancelEndsItWhileItIsHealed() throws Exception {
    Begun mine = begin(CallOptions.DEFAULT);
    begun.await();
    mine.call().cancel("enough", null);
    assertThat(mine.end().get().getCode()).isEqualTo(Status.Code.CANCELLED);
    assertThat(mine.end().get().getDescription()).isEqualTo("enough");
  }

  @Test
  void aCancelEndsItWhileAnotherIsHealed() throws Exception {
    begin(CallOptions.DEFAULT);
    begun.await();
    Begun mine = begin(CallOptions.DEFAULT);
    mine.call().cancel("enough", null);
    assertThat(mine.end().get().getCode()).isEqualTo(Status.Code.CANCELLED);
  }

  @Test
  void theEndOfItsContextEndsItWhileItIsHealed() throws Exception {
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      Begun mine = context.call(() -> begin(CallOptions.DEFAULT));
      begun.await();
      context.cancel(null);
      assertThat(mine.end().get().getCode()).isEqualTo(Status.Code.CANCELLED);
    }
  }

  @Test
  void whoBeganWhileAnotherWasHealedIsServedAfterIt() throws Exception {
    Begun first = begin(CallOptions.DEFAULT);
    begun.await();
    Begun second = begin(CallOptions.DEFAULT);
    healed.countDown();
    assertThat(first.end().get().isOk()).isTrue();
    assertThat(second.end().get().isOk()).isTrue();
    assertThat(done).containsExactly("a", "a");
  }

  /** A call, and how it will have ended. */
  private record Begun(ClientCall<String, String> call, CompletableFuture<Status> end) {}

  private Begun begin(CallOptions options) {
    ClientCall<String, String> call = channel.newCall(GET, options);
    CompletableFuture<Status> end = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.request(2);
    call.sendMessage("a");
    call.halfClose();
    return new Begun(call, end);
  }

  /** Loses every call until it is healed, and then does it. */
  private final class Lost extends Channel {
    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
      return new ClientCall<>() {
        private Listener<A> listener;

        @Override
        public void start(Listener<A> responses, Metadata headers) {
          listener = responses;
        }

        @Override
        public void request(int messages) {}

        @Override
        public void cancel(String message, Throwable cause) {}

        @Override
        public void sendMessage(Q message) {
          if (healed.getCount() == 0) {
            done.add((String) message);
          }
        }

        @Override
        public void halfClose() {
          listener.onClose(healed.getCount() == 0 ? Status.OK : Status.UNAVAILABLE, new Metadata());
        }
      };
    }

    @Override
    public String authority() {
      return "toy";
    }
  }
}

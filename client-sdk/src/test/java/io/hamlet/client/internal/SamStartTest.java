package io.hamlet.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.hamlet.v1.RequestHeader;
import io.hamlet.v1.SamGrpc;
import io.hamlet.v1.SamMarkFailedRequest;
import io.hamlet.v1.SamResponse;
import io.hamlet.v1.SamStartRequest;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A start that waits for a quorum, as long as it takes. */
@Timeout(60)
class SamStartTest {
  private final BlockingQueue<RequestHeader> starts = new LinkedBlockingQueue<>();
  private final BlockingQueue<RequestHeader> others = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> quorum = new CompletableFuture<>();
  private OneManager manager;

  @BeforeEach
  void connect() throws Exception {
    manager = new OneManager(new Manager());
  }

  @AfterEach
  void disconnect() {
    manager.close();
  }

  /** Else the manager would keep those of a year. */
  @Test
  void theAnswersToOtherRequestsMayBeForgottenMeanwhile() throws Exception {
    SamCalls calls = SamCalls.of(manager.session, "me", "");
    CompletableFuture<Boolean> started = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            started.complete(calls.start(Duration.ZERO));
          } catch (Exception e) {
            started.completeExceptionally(e);
          }
        });
    RequestHeader start = starts.take();
    assertThat(start.getClient()).isNotZero();
    calls.markFailed("it");
    calls.markFailed("it");
    others.take();
    RequestHeader last = others.take();
    assertThat(last.getAnsweredBelow()).isEqualTo(last.getSequence());
    quorum.complete(null);
    assertThat(started.get()).isTrue();
  }

  /** Answers a start when there is a quorum, and all else at once. */
  private final class Manager extends SamGrpc.SamImplBase {
    @Override
    public void start(SamStartRequest request, StreamObserver<SamResponse> out) {
      starts.add(request.getHeader());
      quorum.thenRun(() -> answer(out));
    }

    @Override
    public void markFailed(SamMarkFailedRequest request, StreamObserver<SamResponse> out) {
      others.add(request.getHeader());
      answer(out);
    }

    private void answer(StreamObserver<SamResponse> out) {
      out.onNext(SamResponse.getDefaultInstance());
      out.onCompleted();
    }
  }
}

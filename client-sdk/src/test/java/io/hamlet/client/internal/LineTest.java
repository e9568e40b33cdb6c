package io.hamlet.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.hamlet.v1.ChangeResponse;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.StatusRequest;
import io.hamlet.v1.StatusResponse;
import io.hamlet.v1.StopRequest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that takes long, and what is thought of the manager meanwhile. */
@Timeout(60)
class LineTest {
  private static final long FROZEN_MS = 3_000;

  /** The first call's own, and that of the client that learns of others. */
  private final CountDownLatch settled = new CountDownLatch(2);

  private final CountDownLatch never = new CountDownLatch(1);
  private final CountDownLatch askedAgain = new CountDownLatch(1);
  private final AtomicInteger stops = new AtomicInteger();
  private volatile OneManager manager;

  /** Found in review: it took the manager for silent, and lost all that was under way. */
  @Test
  void whoStoodStillItselfAsksAgain() throws Exception {
    try (OneManager one = new OneManager(new Manager())) {
      manager = one;
      one.session.status(false);
      settled.await();
      one.session.change(
          HamGrpc.getStopMethod(), h -> StopRequest.newBuilder().setHeader(h).build());
      assertThat(stops).hasValue(1);
    }
  }

  private void freezeClient() {
    manager.session.link().later(0, () -> awaitNever(FROZEN_MS), () -> {});
  }

  private void awaitNever(long millis) {
    try {
      never.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Manager extends HamGrpc.HamImplBase {
    private boolean doubted;

    @Override
    public synchronized void status(StatusRequest request, StreamObserver<StatusResponse> out) {
      if (settled.getCount() == 0 && !doubted) {
        doubted = true;
        freezeClient(); // An answer would be lost on a client that does not read.
        return;
      }
      settled.countDown();
      if (doubted) {
        askedAgain.countDown();
      }
      out.onNext(StatusResponse.newBuilder().setNode("alpha").build());
      out.onCompleted();
    }

    /** Answers when the client has thought better of it, or has lost the first. */
    @Override
    public void stop(StopRequest request, StreamObserver<ChangeResponse> out) {
      boolean isFirst = stops.incrementAndGet() == 1;
      Thread.ofVirtual()
          .start(
              () -> {
                if (isFirst) {
                  awaitAsked();
                }
                out.onNext(ChangeResponse.getDefaultInstance());
                out.onCompleted();
              });
    }

    private void awaitAsked() {
      try {
        askedAgain.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

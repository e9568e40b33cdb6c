package io.hamlet.client.recovery.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * One who waits for a seat until his deadline, his context or he himself ends that. Who gives up
 * disturbs nobody: a recovery that his thread has begun goes on for the others. Thread-safe.
 */
final class SeatWait<S> {
  private final CompletableFuture<S> found = new CompletableFuture<>();

  /** He does not wait any more. */
  static final class GaveUp extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Status status;

    GaveUp(Status status) {
      super(status.getDescription(), status.getCause());
      this.status = status;
    }

    Status status() {
      return status;
    }
  }

  /** Gives up now, if nothing has come yet. */
  void giveUp(Status why) {
    found.completeExceptionally(new GaveUp(why));
  }

  /**
   * Begins.
   *
   * @param seat blocks; asked in a virtual thread
   * @param deadline null: none
   * @param then hears of the seat, or else of the error, in a virtual thread
   */
  void begin(Supplier<S> seat, Deadline deadline, Context context, BiConsumer<S, Throwable> then) {
    Context.CancellationListener gone = ended -> giveUp(Contexts.statusFromCancelled(ended));
    context.addListener(gone, Runnable::run);
    found.whenCompleteAsync(
        (came, error) -> {
          context.removeListener(gone);
          then.accept(came, error instanceof TimeoutException ? late() : error);
        },
        Thread::startVirtualThread);
    if (deadline != null) {
      found.orTimeout(deadline.timeRemaining(TimeUnit.NANOSECONDS), TimeUnit.NANOSECONDS);
    }
    Thread.startVirtualThread(() -> ask(seat));
  }

  private void ask(Supplier<S> seat) {
    try {
      found.complete(seat.get());
    } catch (Throwable e) {
      found.completeExceptionally(e);
    }
  }

  private static GaveUp late() {
    return new GaveUp(
        Status.DEADLINE_EXCEEDED.withDescription("the connection was not healed in time"));
  }
}

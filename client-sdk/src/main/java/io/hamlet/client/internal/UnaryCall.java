package io.hamlet.client.internal;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One try of a call with one request and one answer. */
final class UnaryCall<A> extends ClientCall.Listener<A> {
  private static final long PATIENCE_MS = 1_000;

  private final CompletableFuture<Outcome<A>> outcome = new CompletableFuture<>();
  private volatile A answer;

  /** How a call ended. */
  record Outcome<A>(Status status, Metadata trailers, A answer) {}

  /**
   * Starts it and waits for its end; an interrupt cancels it.
   *
   * @param doubt runs again and again while there is no answer
   */
  <Q> Outcome<A> make(ClientCall<Q, A> call, Q request, Runnable doubt)
      throws InterruptedException {
    begin(call, request);
    try {
      while (true) {
        try {
          return outcome.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          doubt.run();
        }
      }
    } catch (InterruptedException e) {
      call.cancel("interrupted", e);
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException("never completed so", e);
    }
  }

  /** Starts it. Its end is told on the event loop. */
  <Q> CompletableFuture<Outcome<A>> begin(ClientCall<Q, A> call, Q request) {
    call.start(this, new Metadata());
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
    return outcome;
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

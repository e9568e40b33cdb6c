package io.hamlet.client.internal;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One try of a call with one request and one answer. */
final class UnaryCall<A> extends ClientCall.Listener<A> {
  private final CompletableFuture<Outcome<A>> outcome = new CompletableFuture<>();
  private volatile A answer;

  /** How a call ended. */
  record Outcome<A>(Status status, Metadata trailers, A answer) {}

  /** Starts it and waits for its end; an interrupt cancels it. */
  <Q> Outcome<A> make(ClientCall<Q, A> call, Q request) throws InterruptedException {
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

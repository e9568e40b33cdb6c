package io.hamlet.it.api;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The first message of a stream, and its end. Thread-safe. */
final class Heard<T> implements StreamObserver<T> {
  final CompletableFuture<T> first = new CompletableFuture<>();
  final CompletableFuture<Void> end = new CompletableFuture<>();

  T next() throws Exception {
    return first.get(10, TimeUnit.SECONDS);
  }

  @Override
  public void onNext(T message) {
    first.complete(message);
  }

  @Override
  public void onError(Throwable why) {
    first.completeExceptionally(why);
    end.completeExceptionally(why);
  }

  @Override
  public void onCompleted() {
    end.complete(null);
  }
}

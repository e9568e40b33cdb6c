package io.hamlet.manager.api;

import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hamlet.v1.RequestHeader;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** The way of every request that only looks: find the tree, look, answer. Thread-safe. */
final class LookDesk {
  private final Trees trees;
  private final ChangeDesk desk;
  private final Executor blocking;

  /**
   * @param blocking where is looked
   */
  LookDesk(Trees trees, ChangeDesk desk, Executor blocking) {
    this.trees = trees;
    this.desk = desk;
    this.blocking = blocking;
  }

  /**
   * Answers from a snapshot, off the event loop, because a big tree takes a while.
   *
   * @param path what a refusal is about
   * @param answer may throw Refused
   */
  <A> void look(
      RequestHeader header, String path, Function<Tree, A> answer, StreamObserver<A> out) {
    ((ServerCallStreamObserver<A>) out).setOnCancelHandler(() -> {});
    Duration timeout = ChangeDesk.timeout();
    blocking.execute(
        () -> {
          A found;
          try {
            if (header.getLatest()) {
              desk.catchUp(trees.look(header.getNode()), header, timeout);
            }
            found = answer.apply(trees.look(header.getNode()));
          } catch (StatusException e) {
            out.onError(e);
            return;
          } catch (RuntimeException e) {
            out.onError(Refusals.status(e, path));
            return;
          }
          out.onNext(found);
          out.onCompleted();
        });
  }
}

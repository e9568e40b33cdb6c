package io.hamlet.manager.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.v1.ReadOutputRequest;
import io.hamlet.v1.ReadOutputResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Readers of what entities of this node put out, each with a thread of its own. Thread-safe. */
final class OutputDesk {
  private final Acting parts;
  private final ChangeDesk desk;
  private final ExecutorService blocking;

  /**
   * @param blocking where a reader stays until it has all, or goes
   */
  OutputDesk(Acting parts, ChangeDesk desk, ExecutorService blocking) {
    this.parts = parts;
    this.desk = desk;
    this.blocking = blocking;
  }

  void read(ReadOutputRequest request, StreamObserver<ReadOutputResponse> stream) {
    ServerCallStreamObserver<ReadOutputResponse> out =
        (ServerCallStreamObserver<ReadOutputResponse>) stream;
    Semaphore ready = new Semaphore(0);
    out.setOnReadyHandler(ready::release);
    AtomicReference<Future<?>> work = new AtomicReference<>();
    out.setOnCancelHandler(() -> work.get().cancel(true));
    work.set(blocking.submit(() -> send(request, out, ready)));
  }

  private void send(
      ReadOutputRequest request,
      ServerCallStreamObserver<ReadOutputResponse> out,
      Semaphore ready) {
    try {
      desk.checkOwn(request.getHeader());
      new OutputTail(outputOf(request.getEntity()), request, out, ready).run();
      out.onCompleted();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The reader has gone.
    } catch (IOException | RuntimeException e) {
      out.onError(Refusals.status(e, request.getEntity()));
    }
  }

  private Path outputOf(String name) {
    Entity entity = parts.requests().state().entity(new Name(name));
    Path file = entity == null ? null : parts.output().of(entity);
    if (file == null) {
      throw new Refused(
          Rejection.Reason.NOT_FOUND,
          entity == null
              ? "there is no entity '" + name + "'"
              : "the output of '" + name + "' is not captured, because it was not started here");
    }
    return file;
  }
}

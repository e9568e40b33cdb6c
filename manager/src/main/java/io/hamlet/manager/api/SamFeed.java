package io.hamlet.manager.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hamlet.core.model.Refused;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.wire.SamView;
import io.hamlet.v1.SamBeat;
import io.hamlet.v1.SamProgram;
import java.util.concurrent.Executor;

/**
 * One program, or its supervisor, on the line: heartbeats in, what is known of it out. What changes
 * faster than the connection takes it is told as it is in the end. Thread-safe.
 */
final class SamFeed implements StreamObserver<SamBeat> {
  private final Requests requests;
  private final ChangeDesk changes;
  private final SamDesk desk;
  private final ServerCallStreamObserver<SamProgram> out;
  private final Drain drain;
  private volatile SamBeat opening;
  private volatile boolean finished;
  private AutoCloseable bell;
  private SamProgram told;
  private boolean over;

  SamFeed(
      Requests requests,
      ChangeDesk changes,
      SamDesk desk,
      StreamObserver<SamProgram> out,
      Executor executor) {
    this.requests = requests;
    this.changes = changes;
    this.desk = desk;
    this.out = (ServerCallStreamObserver<SamProgram>) out;
    this.drain = new Drain(executor, this::pump);
    this.out.setOnReadyHandler(drain::ring);
    this.out.setOnCancelHandler(drain::ring);
  }

  @Override
  public void onNext(SamBeat beat) {
    if (opening == null) {
      opening = beat;
      drain.ring();
      return;
    }
    try {
      desk.heartbeat(opening.getProgram());
    } catch (Refused untimely) {
      // What the program may do now it sees from what it is told.
    }
  }

  @Override
  public void onError(Throwable broken) {
    drain.ring();
  }

  @Override
  public void onCompleted() {
    finished = true;
    drain.ring();
  }

  /** Runs one at a time. */
  private void pump() {
    if (over) {
      return;
    }
    if (out.isCancelled()) {
      end();
    } else if (finished) {
      out.onCompleted();
      end();
    } else if (opening != null && out.isReady()) {
      tell();
    }
  }

  private void tell() {
    if (bell == null) {
      bell = requests.history().onNew(drain::ring);
    }
    try {
      changes.checkOwn(opening.getHeader());
      SamProgram now = SamView.of(desk.find(opening.getProgram()), null);
      if (!now.equals(told)) {
        told = now;
        out.onNext(now);
      }
    } catch (Refused no) {
      out.onError(Refusals.status(no, opening.getProgram().getName()));
      end();
    }
  }

  private void end() {
    over = true;
    if (bell == null) {
      return;
    }
    try {
      bell.close();
    } catch (Exception e) {
      throw new IllegalStateException("a bell that cannot be taken down", e);
    }
  }
}

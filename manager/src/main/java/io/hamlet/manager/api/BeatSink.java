package io.hamlet.manager.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.hamlet.core.model.Rejection;
import io.hamlet.manager.port.BeatTable;
import io.hamlet.v1.Beat;
import io.hamlet.v1.HeartbeatResponse;

/**
 * Takes the beats of one caller. A beat for a slot that nobody holds ends the stream with
 * NOT_FOUND, by which the caller learns that it must attach again.
 */
final class BeatSink implements StreamObserver<Beat> {
  private final BeatTable beats;
  private final ServerCallStreamObserver<HeartbeatResponse> out;
  private boolean ended;

  BeatSink(BeatTable beats, StreamObserver<HeartbeatResponse> out) {
    this.beats = beats;
    this.out = (ServerCallStreamObserver<HeartbeatResponse>) out;
    this.out.setOnCancelHandler(() -> {});
  }

  @Override
  public void onNext(Beat beat) {
    if (ended) {
      return;
    }
    if (beats.counter(beat.getSlot(), beat.getGeneration()) < 0) {
      ended = true;
      out.onError(
          Refusals.status(
              new Rejection(
                  Rejection.Reason.NOT_FOUND,
                  "nobody beats in slot "
                      + beat.getSlot()
                      + " under generation "
                      + beat.getGeneration()
                      + "; attach again"),
              ""));
      return;
    }
    beats.beat(beat.getSlot(), beat.getGeneration());
  }

  @Override
  public void onError(Throwable broken) {}

  @Override
  public void onCompleted() {
    if (!ended) {
      out.onNext(HeartbeatResponse.getDefaultInstance());
      out.onCompleted();
    }
  }
}

package io.hamlet.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.hamlet.client.PulseChannel;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.Pulse;
import io.hamlet.v1.PulsesRequest;
import io.hamlet.v1.PulsesResponse;
import io.hamlet.v1.StatusRequest;
import io.hamlet.v1.StatusResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A manager that goes away under a channel. */
@Timeout(60)
class PulseFeedTest {
  /** What came, and where to answer it. */
  private record Came(PulsesRequest request, StreamObserver<PulsesResponse> out) {}

  private final BlockingQueue<Came> came = new LinkedBlockingQueue<>();
  private OneManager manager;

  @BeforeEach
  void connect() throws Exception {
    manager = new OneManager(new Manager());
  }

  @AfterEach
  void disconnect() {
    manager.close();
  }

  @Test
  void whatWasAcknowledgedIsSaidAgainOverTheNextConnection() throws Exception {
    try (PulseChannel channel = PulseFeed.open(manager.session)) {
      Came opening = came.take();
      assertThat(opening.request().getChannel()).isZero();
      opening.out().onNext(pulse(1));
      assertThat(channel.next().code()).isEqualTo(1);
      assertThat(came.take().request().getAcknowledge()).isEqualTo(1);

      opening.out().onError(Status.UNAVAILABLE.asException());
      Came again = came.take();
      assertThat(again.request().getChannel()).isEqualTo(5);
      again.out().onNext(pulse(1)); // The acknowledgement was lost with the manager.
      assertThat(came.take().request().getAcknowledge()).isEqualTo(1);
    }
  }

  private static PulsesResponse pulse(int number) {
    return PulsesResponse.newBuilder()
        .setChannel(5)
        .addPulses(Pulse.newBuilder().setNumber(number).setCode(number))
        .build();
  }

  /** Keeps what it is told. */
  private final class Manager extends HamGrpc.HamImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
      out.onNext(StatusResponse.newBuilder().setNode("alpha").build());
      out.onCompleted();
    }

    @Override
    public StreamObserver<PulsesRequest> pulses(StreamObserver<PulsesResponse> out) {
      return new StreamObserver<>() {
        @Override
        public void onNext(PulsesRequest request) {
          if (request.getChannel() == 0 && request.getPid() != 0) {
            out.onNext(PulsesResponse.newBuilder().setChannel(5).build());
          }
          came.add(new Came(request, out));
        }

        @Override
        public void onError(Throwable broken) {}

        @Override
        public void onCompleted() {
          out.onCompleted();
        }
      };
    }
  }
}

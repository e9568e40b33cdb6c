package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.PulsesRequest;
import io.hamlet.v1.PulsesResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The owner of a channel whose connection breaks again and again. It may stay away for 2 s. */
class PulseAbsenceTest {
  private Bench bench;
  private ManagedChannel connection;

  @BeforeEach
  void start() throws Exception {
    bench = new Bench();
    connection = NettyChannelBuilder.forAddress("127.0.0.1", bench.port()).usePlaintext().build();
  }

  @AfterEach
  void stop() throws Exception {
    connection.shutdownNow();
    bench.close();
  }

  /** Found in review: the end of its first absence, long over, met it away once more. */
  @Test
  void whoGoesAgainHasAllOfItsTimeAgain() throws Exception {
    Heard<PulsesResponse> first = new Heard<>();
    StreamObserver<PulsesRequest> feed = serve(first, 0);
    int number = first.next().getChannel();
    leave(feed);
    Heard<PulsesResponse> second = new Heard<>();
    feed = serve(second, number);
    assertThat(second.next().getChannel()).isEqualTo(number);
    assertThatThrownBy(() -> second.end.get(1_500, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    leave(feed);
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(10))
        .failFast(() -> bench.brain.state().channels().isEmpty())
        .until(() -> true);
    Heard<PulsesResponse> third = new Heard<>();
    serve(third, number);
    assertThat(third.next().getChannel()).isEqualTo(number);
  }

  private StreamObserver<PulsesRequest> serve(Heard<PulsesResponse> heard, int number) {
    StreamObserver<PulsesRequest> feed = HamGrpc.newStub(connection).pulses(heard);
    long pid = ProcessHandle.current().pid();
    feed.onNext(PulsesRequest.newBuilder().setPid(pid).setChannel(number).build());
    return feed;
  }

  private static void leave(StreamObserver<PulsesRequest> feed) {
    feed.onError(Status.CANCELLED.asException());
  }
}

package io.hamlet.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import io.hamlet.client.EventStream;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.StatusRequest;
import io.hamlet.v1.StatusResponse;
import io.hamlet.v1.WatchRequest;
import io.hamlet.v1.WatchResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventFeedTest {
  private static final long STANDSTILL_MS = 2_500;

  /** Found in review: it was given a second, though every other first call waits its whole time. */
  @Test
  void aManagerThatStandsStillIsWaitedForByAFirstCallThatIsAWatch() throws Exception {
    try (OneManager manager = new OneManager(new Manager());
        ServerSocket queue = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      CompletableFuture.delayedExecutor(STANDSTILL_MS, TimeUnit.MILLISECONDS)
          .execute(() -> accept(queue, manager.port()));
      Session session = Session.open(null, "127.0.0.1:" + queue.getLocalPort());
      try (EventStream watch = EventFeed.open(session, WatchSpec.ALL)) {
        assertThat(watch.next()).isEqualTo(new Watched.CaughtUp("7"));
      } finally {
        session.link().close();
      }
    }
  }

  /** Whoever waits in the queue reaches the manager, until the client closes. */
  private static void accept(ServerSocket queue, int port) {
    try {
      Socket near = queue.accept();
      Socket far = new Socket(InetAddress.getLoopbackAddress(), port);
      Thread.ofVirtual().start(() -> carry(near, far));
      Thread.ofVirtual().start(() -> carry(far, near));
    } catch (IOException e) {
      return; // The test is over.
    }
  }

  private static void carry(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      return; // Either end has closed.
    }
  }

  private static final class Manager extends HamGrpc.HamImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
      out.onNext(StatusResponse.newBuilder().setNode("alpha").build());
      out.onCompleted();
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchResponse> out) {
      out.onNext(WatchResponse.newBuilder().setCaughtUp("7").build());
    }
  }
}

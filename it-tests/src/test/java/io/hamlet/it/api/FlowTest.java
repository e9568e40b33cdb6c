package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.hamlet.client.Entity;
import io.hamlet.client.Event;
import io.hamlet.client.EventStream;
import io.hamlet.client.Ham;
import io.hamlet.client.WatchSpec;
import io.hamlet.client.Watched;
import io.hamlet.v1.HamGrpc;
import io.hamlet.v1.WatchRequest;
import io.hamlet.v1.WatchResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams, and those who do not read them, or ask too much. */
class FlowTest {
  private Bench bench;
  private Ham ham;

  private void start(Brain brain) throws Exception {
    bench = new Bench(brain);
    ham = bench.connect();
  }

  @AfterEach
  void stop() throws Exception {
    ham.close();
    bench.close();
  }

  @Test
  void aWatchFromThePastTellsAllAndEnds() throws Exception {
    start(new Brain());
    Entity e = ham.entity("e");
    ham.entity("other").publishState(1);
    e.publishState(5);
    List<String> told = new ArrayList<>();
    String middle = "";
    try (EventStream watch = ham.watch(WatchSpec.ALL.path("e").from("0").noFollow())) {
      for (Watched w = watch.next(); w != null; w = watch.next()) {
        told.add(w instanceof Event event ? event.event() : w.getClass().getSimpleName());
        middle = w.position();
      }
      assertThat(watch.isOver()).isTrue();
    }
    assertThat(told).containsExactly("state", "CaughtUp");
    e.publishState(6);
    try (EventStream watch = ham.watch(WatchSpec.ALL.path("e").from(middle))) {
      assertThat(((Event) watch.next()).reason()).contains("6");
    }
  }

  /** The same events in the same order, and one who does not ask for it gets one at a time. */
  @Test
  void manyEventsTravelTogetherForThoseWhoAskForIt() throws Exception {
    start(new Brain());
    Entity e = ham.entity("e");
    for (int i = 0; i < 1_000; i++) {
      e.publishState(i);
    }
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", bench.port()).usePlaintext().build();
    try {
      List<WatchResponse> single = past(channel, false);
      List<WatchResponse> batched = past(channel, true);
      assertThat(single.stream().filter(WatchResponse::hasEvents)).isEmpty();
      assertThat(batched.stream().filter(WatchResponse::hasEvent)).isEmpty();
      assertThat(batched.stream().flatMap(m -> m.getEvents().getEventsList().stream()).toList())
          .hasSizeGreaterThanOrEqualTo(1_000)
          .containsExactlyElementsOf(
              single.stream()
                  .filter(WatchResponse::hasEvent)
                  .map(WatchResponse::getEvent)
                  .toList());
      assertThat(batched).hasSizeLessThan(50);
      assertThat(batched.getLast()).isEqualTo(single.getLast());
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
    try (EventStream watch = ham.watch(WatchSpec.ALL.path("e").from("0").noFollow())) {
      int states = 0;
      for (Watched w = watch.next(); w != null; w = watch.next()) {
        states += w instanceof Event event && event.event().equals("state") ? 1 : 0;
      }
      assertThat(states).isEqualTo(1_000);
    }
  }

  private static List<WatchResponse> past(ManagedChannel channel, boolean batched) {
    List<WatchResponse> all = new ArrayList<>();
    HamGrpc.newBlockingStub(channel)
        .watch(WatchRequest.newBuilder().setFrom("0").setNoFollow(true).setBatched(batched).build())
        .forEachRemaining(all::add);
    return all;
  }

  @Test
  void whatHistoryNoLongerHoldsIsAGap() throws Exception {
    start(new Brain(10));
    Entity e = ham.entity("e");
    e.publishState(1);
    String early = ham.read("", 0).position();
    for (int i = 2; i < 50; i++) {
      e.publishState(i);
    }
    try (EventStream watch = ham.watch(WatchSpec.ALL.from(early))) {
      Watched gap = watch.next();
      assertThat(gap).isInstanceOf(Watched.Gap.class);
      Event first = (Event) watch.next();
      assertThat(first.reason()).contains("39").contains("40");
      try (EventStream again = ham.watch(WatchSpec.ALL.from(gap.position()))) {
        assertThat(again.next()).isEqualTo(first);
      }
    }
  }

  @Test
  void oneWhoNeverReadsIsDroppedAndOthersAreServed() throws Exception {
    start(new Brain());
    Entity e = ham.entity("e");
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", bench.port()).usePlaintext().build();
    try {
      CompletableFuture<Status> end = watchWithoutReading(channel);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  e.publishState(i);
                }
                return end.isDone();
              });
      assertThat(end.get().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(end.get().getDescription()).contains("behind");
      assertThat(ham.status().entities()).isEqualTo(1);
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  /** Reads the headers and no message. */
  private static CompletableFuture<Status> watchWithoutReading(ManagedChannel channel) {
    CompletableFuture<Status> end = new CompletableFuture<>();
    ClientCall<WatchRequest, WatchResponse> call =
        channel.newCall(HamGrpc.getWatchMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onHeaders(Metadata headers) {}

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.sendMessage(WatchRequest.newBuilder().setFrom("0").build());
    call.halfClose();
    // The end comes behind what was sent before it: read on, but not before there is an end.
    Thread.ofVirtual().start(() -> drainLate(call, end));
    return end;
  }

  private static void drainLate(
      ClientCall<WatchRequest, WatchResponse> call, CompletableFuture<Status> end) {
    await()
        .pollDelay(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              call.request(100);
              return end.isDone();
            });
  }

  @Test
  void aFloodOfRequestsIsServedAndBounded() throws Exception {
    start(new Brain());
    try (ExecutorService flood = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Entity>> made = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        String name = "e" + i;
        made.add(flood.submit(() -> ham.entity(name)));
      }
      for (Future<Entity> one : made) {
        assertThat(one.get(60, TimeUnit.SECONDS).uid()).isPositive();
      }
    }
    assertThat(bench.brain.state().entities()).hasSize(3_000);
  }

  @Test
  void outputIsFollowedOverARotation() throws Exception {
    start(new Brain());
    ham.entity("e");
    Path log = bench.directory.resolve("e.log");
    Files.writeString(log, "one\ntwo\n");
    try (InputStream tail = ham.output("e", false, 4)) {
      assertThat(new String(tail.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("two\n");
    }
    try (InputStream all = ham.output("e", true, 0)) {
      assertThat(read(all, 8)).isEqualTo("one\ntwo\n");
      Files.writeString(log, "three\n", StandardOpenOption.APPEND);
      assertThat(read(all, 6)).isEqualTo("three\n");
      Files.move(log, bench.directory.resolve("e.log.1"));
      Files.writeString(log, "four\n");
      assertThat(read(all, 5)).isEqualTo("four\n");
      Files.writeString(log, "5\n"); // Cut and written anew, as a copying rotation does.
      assertThat(read(all, 2)).isEqualTo("5\n");
    }
  }

  @Test
  void outputOfOneThatWasNotStartedIsRefused() throws Exception {
    start(new Brain());
    ham.entity("e");
    try (InputStream none = ham.output("e", false, 0)) {
      assertThatThrownBy(none::read)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no output yet");
    }
  }

  private static String read(InputStream in, int bytes) throws IOException {
    return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
  }
}

package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.hamlet.client.Command;
import io.hamlet.client.recovery.Ha;
import io.hamlet.client.recovery.HaConnection;
import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Terms;
import io.hamlet.client.recovery.grpc.HaInterceptor;
import io.hamlet.client.recovery.grpc.Reconnect;
import io.hamlet.client.recovery.ham.HamServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** A gRPC server that is killed again and again under 64 threads, and what they notice of it. */
class HealingGrpcIT extends LiveTest {
  private static final int THREADS = 64;
  private static final int CHANNELS = 4;
  private static final int KILLS = 5;
  private static final int BETWEEN = 2_000;

  private final Set<String> done = ConcurrentHashMap.newKeySet();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Throwable> failed = new ConcurrentLinkedQueue<>();
  private final AtomicLong answers = new AtomicLong();
  private volatile boolean enough;

  @Test
  void noIdempotentCallFailsAndNoOtherIsDoneTwice(TestReporter reporter) throws Exception {
    int port = Ports.freeRange();
    Path file = directory.resolve("counts");
    long pid = watched("counter", Command.of(CountingServer.command(port, file))).pid();
    List<HaConnection<ManagedChannel>> connections = new ArrayList<>();
    try (HamServer server = HamServer.follow(node.ham(), "counter")) {
      Terms terms = Terms.USUAL.losses(HaInterceptor.LOSSES).server(server);
      for (int i = 0; i < CHANNELS; i++) {
        connections.add(dial(port, terms));
      }
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Channel channel =
            HaInterceptor.channel(connections.get(i % CHANNELS), HaInterceptor.DECLARED);
        String name = "t" + i;
        threads.add(Thread.startVirtualThread(() -> work(name, channel)));
      }
      for (int kill = 0; kill < KILLS; kill++) {
        pid = killOnce(pid, reporter);
      }
      enough = true;
      for (Thread thread : threads) {
        assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
      }
      assertThat(failed).isEmpty();
      check(HaInterceptor.channel(connections.getFirst(), HaInterceptor.DECLARED));
      for (HaConnection<ManagedChannel> connection : connections) {
        assertThat(connection.counters().recoveries()).isGreaterThanOrEqualTo(KILLS);
      }
    } finally {
      for (HaConnection<ManagedChannel> connection : connections) {
        connection.seat().connection().shutdownNow();
        connection.close();
      }
    }
    reporter.publishEntry("calls", done.size() + " additions, " + unknown.size() + " unknown");
  }

  private long killOnce(long pid, TestReporter reporter) throws Exception {
    long before = answers.get();
    Until.isTrue("work goes on", () -> answers.get() > before + BETWEEN);
    Proc.signal("KILL", pid);
    long killed = System.nanoTime();
    Until.isTrue("it is gone", () -> !Proc.isAlive(pid));
    long then = answers.get();
    Until.isTrue("clients have answers again", () -> answers.get() > then + THREADS);
    reporter.publishEntry(
        "kill", "answered again after %d ms".formatted((System.nanoTime() - killed) / 1_000_000));
    return successor("counter", pid);
  }

  private void work(String name, Channel channel) {
    try {
      for (int i = 0; !enough; i++) {
        String key = name + "-" + i;
        try {
          call(channel, CountingServer.ADD, key);
          done.add(key);
        } catch (StatusRuntimeException e) {
          if (!(e.getStatus().getCause() instanceof OutcomeUnknown)) {
            throw e;
          }
          unknown.add(key);
        }
        String count = call(channel, CountingServer.COUNT, key);
        answers.incrementAndGet();
        if (!unknown.contains(key) && !count.equals("1")) {
          failed.add(new AssertionError(key + " was added " + count + " times"));
        }
      }
    } catch (Throwable e) {
      failed.add(e);
    }
  }

  /** At the server: what was answered is done once, what is unknown at most once. */
  private void check(Channel channel) {
    assertThat(unknown).as("some calls were in flight").isNotEmpty();
    for (String key : done) {
      assertThat(call(channel, CountingServer.COUNT, key)).as(key).isEqualTo("1");
    }
    for (String key : unknown) {
      assertThat(call(channel, CountingServer.COUNT, key)).as(key).isIn("0", "1");
    }
  }

  private static String call(Channel channel, MethodDescriptor<String, String> method, String key) {
    return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, key);
  }

  private static HaConnection<ManagedChannel> dial(int port, Terms terms) throws Exception {
    return Ha.open(
        () -> NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build(),
        new Reconnect(Duration.ofSeconds(60)),
        terms);
  }
}

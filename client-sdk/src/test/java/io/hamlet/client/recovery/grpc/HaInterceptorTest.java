package io.hamlet.client.recovery.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.hamlet.client.recovery.Ha;
import io.hamlet.client.recovery.HaConnection;
import io.hamlet.client.recovery.Loss;
import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Terms;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gRPC server that goes away and comes back on the same port. */
@Timeout(120)
class HaInterceptorTest {
  private static final MethodDescriptor<String, String> GET = method("Get", true);
  private static final MethodDescriptor<String, String> ADD = method("Add", false);

  private final List<String> done = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean dying;
  private Server server;
  private int port;
  private HaConnection<ManagedChannel> connection;
  private Channel channel;

  @BeforeEach
  void connect() throws Exception {
    start();
    connection =
        Ha.open(
            () -> NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build(),
            new Reconnect(Duration.ofSeconds(60)),
            Terms.USUAL.losses(HaInterceptor.LOSSES));
    channel = HaInterceptor.channel(connection, HaInterceptor.DECLARED);
  }

  @AfterEach
  void disconnect() throws Exception {
    connection.seat().connection().shutdownNow();
    connection.close();
    server.shutdownNow();
  }

  @Test
  void anIdempotentCallIsIssuedAgain() throws IOException {
    assertThat(call(GET, "a")).isEqualTo("Get a");
    dying = true;
    assertThat(call(GET, "b")).isEqualTo("Get b");
    assertThat(done).containsExactly("Get a", "Get b", "Get b");
    assertThat(connection.counters().recoveries()).isEqualTo(1);
    assertThat(connection.counters().failureAttempts()).isZero();
  }

  @Test
  void anotherEndsAsUnknownAndTheChannelIsHealed() throws IOException {
    dying = true;
    assertThatThrownBy(() -> call(ADD, "a"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
              assertThat(e.getStatus().getCause()).isInstanceOf(OutcomeUnknown.class);
            });
    assertThat(call(ADD, "b")).isEqualTo("Add b");
    assertThat(done).containsExactly("Add a", "Add b");
  }

  @Test
  void anErrorOfTheServiceIsPassedOn() {
    assertThatThrownBy(() -> call(GET, "nonsense"))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
    assertThat(connection.counters().attempts()).isZero();
  }

  /** The transport has been seen to say so of a call on a connection that had just gone. */
  @Test
  void anyStatusWithABrokenConnectionBehindItIsALoss() {
    assertThat(loss(Status.UNKNOWN.withCause(new ClosedChannelException()))).isEqualTo(Loss.LOST);
    assertThat(loss(Status.INTERNAL.withCause(new IllegalStateException(new IOException("reset")))))
        .isEqualTo(Loss.LOST);
    assertThat(loss(Status.UNKNOWN)).isEqualTo(Loss.NONE);
    assertThat(loss(Status.UNKNOWN.withCause(new IllegalStateException()))).isEqualTo(Loss.NONE);
  }

  private static Loss loss(Status status) {
    return HaInterceptor.LOSSES.of(status.asRuntimeException());
  }

  private String call(MethodDescriptor<String, String> method, String request) {
    return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, request);
  }

  private void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
            .addService(
                ServerServiceDefinition.builder("toy.Toy")
                    .addMethod(GET, ServerCalls.asyncUnaryCall((q, a) -> serve("Get " + q, a)))
                    .addMethod(ADD, ServerCalls.asyncUnaryCall((q, a) -> serve("Add " + q, a)))
                    .build())
            .build()
            .start();
    port = server.getPort();
  }

  private boolean startAgain() throws IOException {
    start();
    return true;
  }

  /** When it is to die it does the work, dies before it answers, and is there again. */
  private void serve(String request, StreamObserver<String> answer) {
    if (request.endsWith("nonsense")) {
      answer.onError(Status.INVALID_ARGUMENT.asException());
      return;
    }
    done.add(request);
    if (dying) {
      dying = false;
      Server old = server;
      Thread.startVirtualThread(
          () -> {
            try {
              old.shutdownNow().awaitTermination();
              // A selector lets go of the port a moment after the server says that it is gone.
              await()
                  .pollDelay(Duration.ZERO)
                  .pollInterval(Duration.ofMillis(5))
                  .ignoreExceptions()
                  .until(this::startAgain);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    } else {
      answer.onNext(request);
      answer.onCompleted();
    }
  }

  static MethodDescriptor<String, String> method(String name, boolean idempotent) {
    return MethodDescriptor.<String, String>newBuilder(new Text(), new Text())
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName("toy.Toy/" + name)
        .setIdempotent(idempotent)
        .build();
  }

  /** Texts as they are. */
  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes());
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

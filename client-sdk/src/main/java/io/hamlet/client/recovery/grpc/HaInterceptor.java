package io.hamlet.client.recovery.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.hamlet.client.recovery.HaConnection;
import io.hamlet.client.recovery.Loss;
import io.hamlet.client.recovery.Losses;
import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Repeat;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Heals unary calls of a channel. One that failed because the server was lost waits until the
 * recovery function is done; then it is issued again, or ends with ABORTED and {@link
 * OutcomeUnknown} as its cause. Streams are passed on as they are: only their users know how to go
 * on. Thread-safe.
 *
 * <p>Recoveries run in virtual threads, never in those of gRPC.
 */
public final class HaInterceptor implements ClientInterceptor {
  /**
   * UNAVAILABLE is a loss, and so are the reset of a stream by a server that is shut down and any
   * status with an I/O error of the connection behind it.
   */
  public static final Losses LOSSES =
      error -> {
        Status status =
            switch (error) {
              case StatusRuntimeException e -> e.getStatus();
              case StatusException e -> e.getStatus();
              default -> Status.UNKNOWN;
            };
        return isLoss(status) ? Loss.LOST : Loss.NONE;
      };

  /** As the proto says by {@code idempotency_level}. */
  public static final Function<MethodDescriptor<?, ?>, Repeat> DECLARED =
      m -> m.isIdempotent() || m.isSafe() ? Repeat.IDEMPOTENT : Repeat.ONCE;

  private final HaConnection<? extends Channel> connection;
  private final Function<MethodDescriptor<?, ?>, Repeat> repeats;

  /**
   * Calls go to the connection's present channel, and not to the one that is intercepted: a
   * recovery may open another.
   *
   * @param connection opened with {@link #LOSSES}
   * @param repeats which methods may be issued again, such as {@link #DECLARED}
   */
  public HaInterceptor(
      HaConnection<? extends Channel> connection,
      Function<MethodDescriptor<?, ?>, Repeat> repeats) {
    this.connection = connection;
    this.repeats = repeats;
  }

  /** A channel over the connection, for stubs. Calls on it end when the connection is closed. */
  public static Channel channel(
      HaConnection<? extends Channel> connection,
      Function<MethodDescriptor<?, ?>, Repeat> repeats) {
    HaInterceptor interceptor = new HaInterceptor(connection, repeats);
    return new Channel() {
      @Override
      public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        return interceptor.interceptCall(method, options, this);
      }

      @Override
      public String authority() {
        return connection.seat().connection().authority();
      }
    };
  }

  private static boolean isLoss(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE -> true;
      case CANCELLED -> String.valueOf(status.getDescription()).startsWith("RST_STREAM");
      default -> isBroken(status);
    };
  }

  /** What a server says has no cause; the transport's own word of a connection that broke has. */
  private static boolean isBroken(Status status) {
    return Stream.iterate(status.getCause(), Objects::nonNull, Throwable::getCause)
        .anyMatch(IOException.class::isInstance);
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    if (method.getType() != MethodDescriptor.MethodType.UNARY) {
      return connection.seat().connection().newCall(method, options);
    }
    return new HealingCall<>(
        connection, method, options, repeats.apply(method) == Repeat.IDEMPOTENT);
  }
}

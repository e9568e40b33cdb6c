package io.hamlet.client.recovery.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.hamlet.client.recovery.HaConnection;
import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Seat;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A unary call that keeps its request until it is answered. What its user does is done to the try
 * under way, and again to each later one. While it is healed its deadline and its cancel end it.
 */
final class HealingCall<C extends Channel, Q, A> extends ClientCall<Q, A> {
  private final ReentrantLock lock = new ReentrantLock();
  private final HaConnection<C> connection;
  private final MethodDescriptor<Q, A> method;
  private final CallOptions options;
  private final boolean repeatable;
  private final Context context = Context.current();
  private Listener<A> listener;
  private Metadata headers;
  private Q request;
  private boolean halfClosed;
  private int requested;
  private ClientCall<Q, A> now;
  private SeatWait<Seat<C>> wait;
  private Status cancelled;

  HealingCall(
      HaConnection<C> connection,
      MethodDescriptor<Q, A> method,
      CallOptions options,
      boolean repeatable) {
    this.connection = connection;
    this.method = method;
    this.options = options;
    this.repeatable = repeatable;
  }

  @Override
  public void start(Listener<A> responses, Metadata metadata) {
    listener = responses;
    headers = metadata;
    Seat<C> seat = connection.seatNow();
    if (seat != null) {
      begin(seat, false);
    } else {
      await(connection::seat, this::beginFirst);
    }
  }

  @Override
  public void request(int messages) {
    locked(() -> requested += messages, call -> call.request(messages));
  }

  @Override
  public void sendMessage(Q message) {
    locked(() -> request = message, call -> call.sendMessage(message));
  }

  @Override
  public void halfClose() {
    locked(() -> halfClosed = true, ClientCall::halfClose);
  }

  @Override
  public void cancel(String message, Throwable cause) {
    locked(
        () -> {
          cancelled = Status.CANCELLED.withDescription(message).withCause(cause);
          if (wait != null) {
            wait.giveUp(cancelled);
          }
        },
        call -> call.cancel(message, cause));
  }

  /**
   * @param pass done to the try under way, if there is one
   */
  private void locked(Runnable keep, Consumer<ClientCall<Q, A>> pass) {
    lock.lock();
    try {
      keep.run();
      if (now != null) {
        pass.accept(now);
      }
    } finally {
      lock.unlock();
    }
  }

  private void await(Supplier<Seat<C>> seat, BiConsumer<Seat<C>, Throwable> then) {
    lock.lock();
    try {
      wait = new SeatWait<>();
      if (cancelled != null) {
        wait.giveUp(cancelled);
      }
      wait.begin(seat, options.getDeadline(), context, then);
    } finally {
      lock.unlock();
    }
  }

  private void beginFirst(Seat<C> seat, Throwable error) {
    if (error == null) {
      begin(seat, false);
      return;
    }
    Status status =
        error instanceof SeatWait.GaveUp gone
            ? gone.status()
            : Status.UNAVAILABLE.withDescription(error.getMessage()).withCause(error);
    later(() -> listener.onClose(status, new Metadata()));
  }

  /** By the executor of the call, where a blocking caller waits. */
  private void later(Runnable telling) {
    Executor executor = options.getExecutor();
    if (executor == null) {
      telling.run();
    } else {
      executor.execute(telling);
    }
  }

  private void begin(Seat<C> seat, boolean again) {
    // A call belongs to the context in which it is made: that of its caller, whoever makes it.
    Context before = context.attach();
    lock.lock();
    try {
      now = seat.connection().newCall(method, options);
      Metadata copy = new Metadata();
      copy.merge(headers);
      now.start(new Try(seat, again), copy);
      if (requested > 0) {
        now.request(requested);
      }
      if (request != null) {
        now.sendMessage(request);
      }
      if (halfClosed) {
        now.halfClose();
      }
      if (cancelled != null) {
        now.cancel(cancelled.getDescription(), cancelled.getCause());
      }
    } finally {
      lock.unlock();
      context.detach(before);
    }
  }

  /** Keeps the answer of one try until it is known to be the last. */
  private final class Try extends Listener<A> {
    private final Seat<C> seat;
    private final boolean again;
    private Metadata answerHeaders;
    private A answer;

    Try(Seat<C> seat, boolean again) {
      this.seat = seat;
      this.again = again;
    }

    @Override
    public void onHeaders(Metadata received) {
      answerHeaders = received;
    }

    @Override
    public void onMessage(A message) {
      answer = message;
    }

    @Override
    public void onReady() {
      listener.onReady();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (status.isOk()) {
        if (again) {
          connection.settled();
        }
        tell(status, trailers);
      } else {
        await(
            () -> connection.failed(seat, status.asException(trailers), repeatable),
            (next, error) -> {
              if (error == null) {
                begin(next, true);
              } else {
                later(() -> tell(inTheEnd(status, error), trailers));
              }
            });
      }
    }

    private Status inTheEnd(Status status, Throwable error) {
      return switch (error) {
        case OutcomeUnknown e -> Status.ABORTED.withDescription(e.getMessage()).withCause(e);
        // What the try itself says of such an end is told, as it knows more.
        case SeatWait.GaveUp e when e.status().getCode() != status.getCode() -> e.status();
        default -> status;
      };
    }

    private void tell(Status status, Metadata trailers) {
      if (answerHeaders != null) {
        listener.onHeaders(answerHeaders);
      }
      if (answer != null) {
        listener.onMessage(answer);
      }
      listener.onClose(status, trailers);
    }
  }
}

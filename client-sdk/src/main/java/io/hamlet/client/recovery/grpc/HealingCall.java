package io.hamlet.client.recovery.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.hamlet.client.recovery.HaConnection;
import io.hamlet.client.recovery.OutcomeUnknown;
import io.hamlet.client.recovery.Seat;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A unary call that keeps its request until it is answered. What its user does is done to the try
 * under way, and again to each later one.
 */
final class HealingCall<C extends Channel, Q, A> extends ClientCall<Q, A> {
  private final ReentrantLock lock = new ReentrantLock();
  private final HaConnection<C> connection;
  private final MethodDescriptor<Q, A> method;
  private final CallOptions options;
  private final boolean repeatable;
  private Listener<A> listener;
  private Metadata headers;
  private Q request;
  private boolean halfClosed;
  private int requested;
  private ClientCall<Q, A> now;
  private Consumer<ClientCall<Q, A>> cancel;

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
    begin(connection.seat(), false);
  }

  @Override
  public void request(int messages) {
    locked(
        call -> {
          requested += messages;
          call.request(messages);
        });
  }

  @Override
  public void sendMessage(Q message) {
    locked(
        call -> {
          request = message;
          call.sendMessage(message);
        });
  }

  @Override
  public void halfClose() {
    locked(
        call -> {
          halfClosed = true;
          call.halfClose();
        });
  }

  @Override
  public void cancel(String message, Throwable cause) {
    locked(
        call -> {
          cancel = c -> c.cancel(message, cause);
          cancel.accept(call);
        });
  }

  private void locked(Consumer<ClientCall<Q, A>> work) {
    lock.lock();
    try {
      work.accept(now);
    } finally {
      lock.unlock();
    }
  }

  private void begin(Seat<C> seat, boolean again) {
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
      if (cancel != null) {
        cancel.accept(now);
      }
    } finally {
      lock.unlock();
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
        Thread.startVirtualThread(() -> heal(status, trailers));
      }
    }

    private void heal(Status status, Metadata trailers) {
      Seat<C> next;
      try {
        next = connection.failed(seat, status.asException(trailers), repeatable);
      } catch (OutcomeUnknown e) {
        Status unknown = Status.ABORTED.withDescription(e.getMessage()).withCause(e);
        tellLater(unknown, trailers);
        return;
      } catch (Throwable e) {
        tellLater(status, trailers);
        return;
      }
      begin(next, true);
    }

    /** By the executor of the call, where a blocking caller waits. */
    private void tellLater(Status status, Metadata trailers) {
      Executor executor = options.getExecutor();
      if (executor == null) {
        tell(status, trailers);
      } else {
        executor.execute(() -> tell(status, trailers));
      }
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

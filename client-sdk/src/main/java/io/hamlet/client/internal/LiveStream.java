package io.hamlet.client.internal;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.hamlet.client.HamException;

/**
 * A stream that is opened again, where it stopped, each time its connection breaks. Thread-safe;
 * the abstract methods are called under its lock and must not block.
 */
abstract class LiveStream<Q, A> {
  private final Link link;
  private final MethodDescriptor<Q, A> method;
  private final Link.Where where;
  private ClientCall<Q, A> call;
  private int failures;
  private boolean over;

  LiveStream(Link link, MethodDescriptor<Q, A> method, Link.Where where) {
    this.link = link;
    this.where = where;
    this.method = method;
  }

  /** The request that opens the stream, or takes it up again. */
  abstract Q opening();

  /** How many messages may come before more are asked for. */
  abstract int window();

  abstract void arrived(A message);

  /**
   * It is over.
   *
   * @param why null: in good order
   */
  abstract void ended(HamException why);

  /** More can be sent. */
  void ready() {}

  final synchronized void open() {
    if (over) {
      return;
    }
    Line line;
    try {
      line = link.line(where);
    } catch (HamException closed) {
      end(closed);
      return;
    }
    SentMark mark = link.mark();
    ClientCall<Q, A> fresh =
        link.begun(line, method, CallOptions.DEFAULT.withStreamTracerFactory(mark), mark);
    call = fresh;
    // By its own name: a call that fails at once is ended, and forgotten, within its start.
    fresh.start(new Listener(fresh, line), new Metadata());
    fresh.request(window());
    fresh.sendMessage(opening());
    if (method.getType().clientSendsOneMessage()) {
      fresh.halfClose();
    }
  }

  /** Sends now, if the connection can take it; false: it cannot. */
  final synchronized boolean offer(Q message) {
    if (over || call == null || !call.isReady()) {
      return false;
    }
    call.sendMessage(message);
    return true;
  }

  /** Lets more messages come. */
  final synchronized void more(int count) {
    if (!over && call != null) {
      call.request(count);
    }
  }

  final synchronized boolean isOver() {
    return over;
  }

  /** Ends it from this side. */
  final synchronized void cancel() {
    if (!over) {
      end(null);
      if (call != null) {
        call.cancel("closed by its owner", null);
      }
    }
  }

  /** Ends it from this side when what was sent has been dealt with. */
  final synchronized void finish() {
    if (!over) {
      end(null);
      if (call != null) {
        call.halfClose();
      }
    }
  }

  private void end(HamException why) {
    over = true;
    ended(why);
  }

  private synchronized void closed(
      ClientCall<Q, A> which, Line line, Status status, Metadata trailers) {
    if (over || which != call) {
      return;
    }
    if (status.isOk()) {
      end(null);
      return;
    }
    boolean lost = Faults.isConnectionLost(status, trailers);
    if (lost) {
      link.failed(line, status, trailers);
    }
    if (lost && !link.isClosed() && !link.isHopeless()) {
      call = null;
      // Over a link that is closed it does not open, and tells so whoever waits.
      link.later(failures++, this::open, this::open);
    } else {
      end(Faults.of(status, trailers, true));
    }
  }

  /** Hears from one try. */
  private final class Listener extends ClientCall.Listener<A> {
    private final ClientCall<Q, A> mine;
    private final Line line;

    Listener(ClientCall<Q, A> mine, Line line) {
      this.mine = mine;
      this.line = line;
    }

    @Override
    public void onMessage(A message) {
      synchronized (LiveStream.this) {
        if (!over && mine == call) {
          failures = 0;
          link.worked(line);
          arrived(message);
        }
      }
    }

    @Override
    public void onReady() {
      synchronized (LiveStream.this) {
        if (!over && mine == call) {
          ready();
        }
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      closed(mine, line, status, trailers);
    }
  }
}

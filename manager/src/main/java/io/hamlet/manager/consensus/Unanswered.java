package io.hamlet.manager.consensus;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;

/**
 * The entries that a leader has sent to this voter and that it has not answered. Each stream is
 * answered in its order; signs of life are not counted. Thread-safe.
 */
final class Unanswered implements ServerInterceptor {
  /** Nothing is. */
  static final long NONE = 0;

  private final AtomicLong last = new AtomicLong(NONE);
  private final ConcurrentSkipListSet<Long> open = new ConcurrentSkipListSet<>();

  /** The number of the oldest, rising with time; {@link #NONE} when all are answered. */
  long oldest() {
    Long first = open.ceiling(NONE);
    return first == null ? NONE : first;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Stream stream = new Stream();
    ServerCall<Q, A> answered =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendMessage(A answer) {
            if (answer instanceof AppendEntriesReplyProto reply && !reply.getIsHearbeat()) {
              stream.answered();
            }
            super.sendMessage(answer);
          }

          @Override
          public void close(Status status, Metadata trailers) {
            stream.ended();
            super.close(status, trailers);
          }
        };
    return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(
        next.startCall(answered, headers)) {
      @Override
      public void onMessage(Q message) {
        if (message instanceof AppendEntriesRequestProto append && append.getEntriesCount() > 0) {
          stream.asked();
        }
        super.onMessage(message);
      }

      /** Ratis answers nothing any more on a stream that its leader has ended. */
      @Override
      public void onHalfClose() {
        stream.ended();
        super.onHalfClose();
      }

      @Override
      public void onCancel() {
        stream.ended();
        super.onCancel();
      }
    };
  }

  /** What is open on one stream. */
  private final class Stream {
    private final Queue<Long> mine = new ArrayDeque<>();
    private boolean isOver;

    synchronized void asked() {
      if (!isOver) {
        long number = last.incrementAndGet();
        mine.add(number);
        open.add(number);
      }
    }

    synchronized void answered() {
      Long number = mine.poll();
      if (number != null) {
        open.remove(number);
      }
    }

    synchronized void ended() {
      isOver = true;
      open.removeAll(mine);
      mine.clear();
    }
  }
}

package io.hamlet.manager.consensus;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;

/**
 * A voter takes entries from one stream at a time. A leader that connects again, or the next one,
 * may send while the last of the old stream is at work; Ratis 3.3 then refuses it by an exception,
 * and goes on counting it as under way. A voter with something under way never stands for election
 * (DECISIONS.md, "A voter takes one append at a time"). Signs of life are not held up. Thread-safe.
 */
final class OneAppend implements ServerInterceptor {
  /** What takes longer does not append: an append hands its entries to the writer's queue. */
  static final Duration LONGEST = Duration.ofSeconds(2);

  private final ReentrantLock lock = new ReentrantLock(true);
  private final Duration longest;

  /**
   * @param longest so long one waits for another; then something is wrong, and it goes on
   */
  OneAppend(Duration longest) {
    this.longest = longest;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(
        next.startCall(call, headers)) {
      @Override
      public void onMessage(Q message) {
        if (!(message instanceof AppendEntriesRequestProto append)
            || append.getEntriesCount() == 0) {
          super.onMessage(message);
          return;
        }
        boolean mine = await();
        try {
          super.onMessage(message);
        } finally {
          if (mine) {
            lock.unlock();
          }
        }
      }
    };
  }

  private boolean await() {
    try {
      return lock.tryLock(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

package io.hamlet.manager.runtime;

import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.Requests.Answered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Those who wait for an answer. It is given on the core thread; then it may have to wait for the
 * disk, whose thread lets it go.
 */
final class Waiters {
  /** One request at the desk. */
  record Waiter(CompletableFuture<Answered> future, Ack wanted, Duration timeout) {}

  private record Key(long client, long sequence) {}

  private record ForDisk(long index, CompletableFuture<Answered> future, Reply reply) {}

  private final Map<Key, List<Waiter>> unanswered = new HashMap<>();
  private final PriorityBlockingQueue<ForDisk> forDisk =
      new PriorityBlockingQueue<>(64, Comparator.comparingLong(ForDisk::index));
  private final LongSupplier durableIndex;

  /**
   * @param durableIndex of the newest entry on disk
   */
  Waiters(LongSupplier durableIndex) {
    this.durableIndex = durableIndex;
  }

  /** Core thread. */
  void add(RequestId id, Waiter waiter) {
    unanswered.computeIfAbsent(key(id), k -> new ArrayList<>(1)).add(waiter);
  }

  /**
   * An answer stands in the log at that index. Core thread.
   *
   * @param logged false when nothing was changed, so that there is nothing to wait for
   */
  void answer(RequestId id, Reply reply, long index, boolean logged) {
    List<Waiter> waiting = unanswered.remove(key(id));
    if (waiting == null) {
      return;
    }
    for (Waiter w : waiting) {
      give(w, reply, index, logged);
    }
  }

  /** The disk has everything up to that index. Log thread. */
  void durable(long index) {
    for (ForDisk head = forDisk.peek(); head != null && head.index() <= index; head = next()) {
      ForDisk taken = forDisk.poll();
      if (taken != null && taken.index() > index) {
        forDisk.add(taken);
      } else if (taken != null) {
        taken.future().complete(new Answered(taken.reply(), Ack.DURABLE, true));
      }
    }
  }

  private ForDisk next() {
    return forDisk.peek();
  }

  private void give(Waiter w, Reply reply, long index, boolean logged) {
    // Without other voters the highest level there is is this node's disk.
    boolean reachable = w.wanted() == null || w.wanted().compareTo(Ack.DURABLE) <= 0;
    Ack wanted = w.wanted() == Ack.LOCAL ? Ack.LOCAL : Ack.DURABLE;
    if (!logged || wanted == Ack.LOCAL || durableIndex.getAsLong() >= index) {
      Ack reached = durableIndex.getAsLong() >= index ? Ack.DURABLE : Ack.LOCAL;
      w.future().complete(new Answered(reply, reached, reachable || !logged));
      return;
    }
    CompletableFuture<Answered> future = w.future();
    if (reachable) {
      forDisk.add(new ForDisk(index, future, reply));
      future.completeOnTimeout(
          new Answered(reply, Ack.LOCAL, false), w.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } else {
      CompletableFuture<Answered> disk = new CompletableFuture<>();
      disk.thenAccept(a -> future.complete(new Answered(reply, Ack.DURABLE, false)));
      forDisk.add(new ForDisk(index, disk, reply));
    }
    // The disk may have caught up between the look and the queue.
    durable(durableIndex.getAsLong());
  }

  private static Key key(RequestId id) {
    return new Key(id.client(), id.sequence());
  }
}

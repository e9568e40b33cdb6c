package io.hamlet.manager.runtime;

import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.Requests.Answered;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Those who wait for an answer. It is given on the core thread; then it may have to wait for the
 * disk, whose thread lets it go.
 *
 * <p>The core alone puts an answer into the queue, under a lock under which it also looks how far
 * the disk is; the disk's thread alone takes out, under the same lock, after the disk has risen. So
 * an answer is either seen to be on disk already, or is in the queue when the disk comes to it.
 */
final class Waiters {
  private static final Rejection ASKED_AGAIN =
      new Rejection(
          Rejection.Reason.UNAVAILABLE,
          "the same request came again meanwhile, and that call gets the answer");

  /**
   * One request at the desk.
   *
   * @param timeout for the disk, from the moment there is an answer
   */
  record Waiter(CompletableFuture<Answered> future, Ack wanted, Duration timeout) {
    /** Without other voters the highest level there is is this node's disk. */
    private boolean isReachable() {
      return wanted == null || wanted.compareTo(Ack.DURABLE) <= 0;
    }
  }

  private record Key(long client, long sequence) {}

  private record Held(long index, Waiter waiter, Reply reply) {}

  private final Map<Key, Waiter> unanswered = new HashMap<>();
  private final ArrayDeque<Held> forDisk = new ArrayDeque<>();
  private final LongSupplier durableIndex;

  /**
   * @param durableIndex of the newest entry on disk; has risen before {@link #durable} is called
   */
  Waiters(LongSupplier durableIndex) {
    this.durableIndex = durableIndex;
  }

  /**
   * Somebody waits for the answer to that request. There is one at a time: who asks again has lost
   * the connection on which it asked before. Core thread.
   */
  void add(RequestId id, Waiter waiter) {
    Waiter before = unanswered.put(key(id), waiter);
    if (before != null) {
      before.future().complete(new Answered(new Reply.No(ASKED_AGAIN), Ack.LOCAL, true));
    }
  }

  /**
   * An answer stands in the log at that index. Core thread.
   *
   * @param index never lower than the last time, where something is logged
   * @param logged false when nothing was changed, so that there is nothing to wait for
   */
  void answer(RequestId id, Reply reply, long index, boolean logged) {
    Waiter waiter = unanswered.remove(key(id));
    if (waiter == null) {
      return;
    }
    if (!logged) {
      waiter.future().complete(new Answered(reply, Ack.LOCAL, true));
    } else if (waiter.wanted() == Ack.LOCAL) {
      boolean onDisk = durableIndex.getAsLong() >= index;
      waiter.future().complete(new Answered(reply, onDisk ? Ack.DURABLE : Ack.LOCAL, true));
    } else {
      afterDisk(new Held(index, waiter, reply));
    }
  }

  /** The disk has everything up to that index. Log thread. */
  void durable(long index) {
    List<Held> there = new ArrayList<>();
    synchronized (forDisk) {
      while (!forDisk.isEmpty() && forDisk.peek().index() <= index) {
        there.add(forDisk.poll());
      }
    }
    there.forEach(Waiters::letGo);
  }

  private void afterDisk(Held held) {
    boolean waits;
    synchronized (forDisk) {
      waits = durableIndex.getAsLong() < held.index();
      if (waits) {
        forDisk.add(held);
      }
    }
    if (waits) {
      // The change stands even if the disk hangs; who asked learns in time how far it got.
      Waiter w = held.waiter();
      Answered late = new Answered(held.reply(), Ack.LOCAL, false);
      w.future().completeOnTimeout(late, w.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } else {
      letGo(held);
    }
  }

  private static void letGo(Held held) {
    Waiter w = held.waiter();
    w.future().complete(new Answered(held.reply(), Ack.DURABLE, w.isReachable()));
  }

  private static Key key(RequestId id) {
    return new Key(id.client(), id.sequence());
  }
}

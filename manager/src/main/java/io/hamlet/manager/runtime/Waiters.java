package io.hamlet.manager.runtime;

import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.AckLevels;
import io.hamlet.manager.port.Requests.Answered;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Those who wait for an answer. It is given on the core thread; then it may have to wait for disks,
 * here and elsewhere, whose threads let it go.
 *
 * <p>The core alone puts an answer into a queue, under a lock under which it also looks how far the
 * disks are; the disks' threads alone take out, under the same lock, after a level has risen. So an
 * answer is either seen to have its level already, or is in the queue when the level comes to it.
 */
final class Waiters {
  /** A default level beyond this node's disk is only waited for this long: who asked gets on. */
  static final Duration MOST_FOR_DEFAULT = Duration.ofSeconds(1);

  private static final Rejection ASKED_AGAIN =
      new Rejection(
          Rejection.Reason.UNAVAILABLE,
          "the same request came again meanwhile, and that call gets the answer");

  /**
   * One request at the desk.
   *
   * @param wanted null: the usual level
   * @param timeout for the disks, from the moment there is an answer
   */
  record Waiter(CompletableFuture<Answered> future, Ack wanted, Duration timeout) {}

  private record Key(long client, long sequence) {}

  /**
   * @param level that is waited for
   */
  private record Held(long index, Ack level, Waiter waiter, Reply reply) {}

  private final Map<Key, Waiter> unanswered = new HashMap<>();

  /** By level, in the order of the log. Also the lock. */
  private final Map<Ack, ArrayDeque<Held>> waiting = new EnumMap<>(Ack.class);

  private final AckLevels levels;

  /**
   * @param levels have risen before {@link #risen} is called
   */
  Waiters(AckLevels levels) {
    this.levels = levels;
    for (Ack level : Ack.values()) {
      waiting.put(level, new ArrayDeque<>());
    }
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
      return;
    }
    Ack level = waiter.wanted() == null ? levels.usual() : waiter.wanted();
    Held held = new Held(index, level, waiter, reply);
    boolean waits;
    synchronized (waiting) {
      waits = !isOver(held);
      if (waits) {
        ArrayDeque<Held> queue = waiting.get(level);
        while (!queue.isEmpty() && queue.peek().waiter().future().isDone()) {
          // Its time was over; a level that nothing reaches must not fill our memory.
          queue.poll();
        }
        queue.add(held);
      }
    }
    if (waits) {
      levels.awaited(level, index);
      limit(held);
    } else {
      letGo(held);
    }
  }

  /** Done when all answers that are held now are given, or have been waited for long enough. */
  CompletableFuture<Void> given() {
    CompletableFuture<?>[] held;
    synchronized (waiting) {
      held =
          waiting.values().stream()
              .flatMap(Collection::stream)
              .map(h -> h.waiter().future())
              .toArray(CompletableFuture[]::new);
    }
    return CompletableFuture.allOf(held)
        .completeOnTimeout(null, MOST_FOR_DEFAULT.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A level has risen, or cannot be reached any more. Any thread but the core's. */
  void risen() {
    List<Held> there = new ArrayList<>();
    synchronized (waiting) {
      for (ArrayDeque<Held> queue : waiting.values()) {
        while (!queue.isEmpty() && isOver(queue.peek())) {
          there.add(queue.poll());
        }
      }
    }
    there.forEach(this::letGo);
  }

  /** It has its level, or all that there is to have. */
  private boolean isOver(Held held) {
    long reached = levels.reached(held.level());
    return reached >= held.index()
        || (reached == AckLevels.NEVER && levels.reached(Ack.DURABLE) >= held.index());
  }

  private void letGo(Held held) {
    Ack reached = reached(held.index());
    Waiter w = held.waiter();
    // The usual level may have become a lower one meanwhile.
    Ack meant = w.wanted() == null ? min(held.level(), levels.usual()) : w.wanted();
    w.future().complete(new Answered(held.reply(), reached, reached.compareTo(meant) >= 0));
  }

  /** The change stands even if disks hang; who asked learns in time how far it got. */
  private void limit(Held held) {
    Waiter w = held.waiter();
    Duration most = w.timeout();
    if (w.wanted() == null && held.level() != Ack.DURABLE) {
      most = min(most, MOST_FOR_DEFAULT);
    }
    after(most, w, () -> late(held));
  }

  private void late(Held held) {
    Waiter w = held.waiter();
    Ack reached = reached(held.index());
    Duration more = w.timeout().minus(MOST_FOR_DEFAULT);
    boolean patient = w.wanted() == null && held.level() != Ack.DURABLE && more.isPositive();
    if (patient && reached == Ack.LOCAL) {
      // What no disk has yet is worth more patience.
      after(more, w, () -> w.future().complete(late(held, reached(held.index()))));
    } else {
      w.future().complete(late(held, reached));
    }
  }

  private static Answered late(Held held, Ack reached) {
    return new Answered(held.reply(), reached, false);
  }

  /** Runs it unless the answer is given before; then nothing of it is left in memory. */
  private static void after(Duration time, Waiter waiter, Runnable work) {
    CompletableFuture<Void> clock = new CompletableFuture<>();
    clock.completeOnTimeout(null, time.toNanos(), TimeUnit.NANOSECONDS);
    clock.thenRun(work);
    waiter.future().whenComplete((answer, e) -> clock.cancel(false));
  }

  private Ack reached(long index) {
    for (Ack level : List.of(Ack.MAJORITY, Ack.REPLICA, Ack.DURABLE)) {
      if (levels.reached(level) >= index) {
        return level;
      }
    }
    return Ack.LOCAL;
  }

  private static <T extends Comparable<? super T>> T min(T a, T b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private static Key key(RequestId id) {
    return new Key(id.client(), id.sequence());
  }
}

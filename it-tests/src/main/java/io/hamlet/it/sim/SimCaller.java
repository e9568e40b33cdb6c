package io.hamlet.it.sim;

import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.Requests;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A client of a cluster, with one request at a time, each until it is acknowledged as it wants. It
 * asks again, by the same id, when its manager dies or cannot serve it just now. One thread.
 */
final class SimCaller {
  private static final int KEPT = 3;
  private static final long PAUSE = 50_000_000L;

  /** Those who wait for disks are timed by a real clock, and that may not count here. */
  private static final Duration NEVER = Duration.ofDays(1);

  /** What it was told, by the id of the request. */
  final Map<RequestId, Told> told = new LinkedHashMap<>();

  private final long number;
  private final List<String> violations;
  private final Deque<Wanted> wanted = new ArrayDeque<>();
  private long sequence;
  private RequestId asked;
  private CompletableFuture<Requests.Answered> future;
  private long notBefore;

  private record Wanted(Command command, Ack ack) {}

  /**
   * An answer.
   *
   * @param reached how far the change had got
   */
  record Told(Command command, Reply reply, Ack reached) {}

  SimCaller(long number, List<String> violations) {
    this.number = number;
    this.violations = violations;
  }

  void want(Command command, Ack ack) {
    wanted.add(new Wanted(command, ack));
  }

  boolean isSatisfied() {
    return wanted.isEmpty();
  }

  /** Its manager is gone, and so is the connection. */
  void disconnected() {
    if (future != null) {
      // Else its clock would keep the whole world in memory.
      future.cancel(false);
    }
    future = null;
  }

  /** When it wants to be called again, if nothing comes before. */
  long next() {
    return future == null && !wanted.isEmpty() ? notBefore : Long.MAX_VALUE;
  }

  /**
   * Looks for its answer, asks the next request, or the last again.
   *
   * @return true if it asked something
   */
  boolean go(Requests manager, long now) {
    if (future != null && future.isDone()) {
      answered(future.join(), now);
    }
    if (future != null || wanted.isEmpty() || now < notBefore) {
      return false;
    }
    if (asked == null) {
      sequence++;
      asked = new RequestId(number, sequence, Math.max(1, sequence - KEPT));
    }
    Wanted next = wanted.peek();
    future = manager.submit(asked, next.command(), next.ack(), NEVER);
    return true;
  }

  private void answered(Requests.Answered answer, long now) {
    future = null;
    if (answer.reply() instanceof Reply.No no
        && no.rejection().reason() == Rejection.Reason.UNAVAILABLE) {
      notBefore = now + PAUSE;
      return;
    }
    Wanted done = wanted.poll();
    if (answer.reached().compareTo(done.ack()) < 0) {
      violations.add(asked + " wanted " + done.ack() + " and got " + answer.reached());
    }
    told.put(asked, new Told(done.command(), answer.reply(), answer.reached()));
    asked = null;
  }

  @Override
  public String toString() {
    return asked + (future == null ? " not asked " : " asked ") + wanted;
  }
}

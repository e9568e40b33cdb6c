package io.hamlet.it.sim;

import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.Requests;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A client with a list of requests, one at a time. When its manager dies it asks the next one
 * again, by the same id. One thread.
 */
final class SimClient {
  private static final int KEPT = 3;

  final Map<RequestId, Reply> told =
      new TreeMap<>(
          (a, b) ->
              a.client() != b.client()
                  ? Long.compare(a.client(), b.client())
                  : Long.compare(a.sequence(), b.sequence()));
  final List<String> violations;

  private final long number;
  private final Deque<Command> wanted = new ArrayDeque<>();
  private long sequence;
  private RequestId asked;
  private Command command;
  private CompletableFuture<Requests.Answered> future;

  SimClient(long number, List<Command> wanted, List<String> violations) {
    this.number = number;
    this.wanted.addAll(wanted);
    this.violations = violations;
  }

  void want(Command more) {
    wanted.add(more);
  }

  boolean isSatisfied() {
    return wanted.isEmpty() && asked == null;
  }

  /** Its manager is gone, and so is the connection. */
  void disconnected() {
    future = null;
  }

  /**
   * Looks for its answer, asks the next request, or the last again.
   *
   * @return true if it asked something
   */
  boolean go(Requests manager) {
    if (future != null && future.isDone()) {
      answered(future.join().reply());
    }
    if (future != null) {
      return false;
    }
    if (asked == null) {
      if (wanted.isEmpty()) {
        return false;
      }
      command = wanted.peek();
      sequence++;
      asked = new RequestId(number, sequence, Math.max(1, sequence - KEPT));
    }
    future = manager.submit(asked, command, Ack.LOCAL, Duration.ofMinutes(1));
    return true;
  }

  private void answered(Reply reply) {
    Reply before = told.put(asked, reply);
    if (before != null && !before.equals(reply)) {
      violations.add(asked + " was told " + before + ", then " + reply);
    }
    // A start that failed by chance is asked for again, as another request.
    if (!(reply instanceof Reply.No) || !(command instanceof Command.Attach)) {
      wanted.poll();
    }
    asked = null;
    future = null;
  }
}

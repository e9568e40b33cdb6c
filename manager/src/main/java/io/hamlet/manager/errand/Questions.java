package io.hamlet.manager.errand;

import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.manager.wire.ErrandMessage;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Questions to other nodes, and who waits for the answers. Thread-safe. */
final class Questions {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** So that an answer to a manager of before, of the same node, is no answer to this one. */
  private final AtomicLong numbers;

  private final Map<Long, Asker> open = new ConcurrentHashMap<>();

  private record Asker(String node, CompletableFuture<ProcessId> answer) {}

  Questions(long first) {
    numbers = new AtomicLong(first);
  }

  /**
   * Waits for the answer.
   *
   * @param send false: it cannot be sent
   */
  ProcessId ask(String node, long pid, Predicate<ErrandMessage.Body> send) {
    long number = numbers.incrementAndGet();
    CompletableFuture<ProcessId> answer = new CompletableFuture<>();
    open.put(number, new Asker(node, answer));
    try {
      if (!send.test(new ErrandMessage.Body.Identify(number, pid))) {
        throw silent(node);
      }
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw (Refused) e.getCause();
    } catch (TimeoutException e) {
      throw silent(node);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw silent(node);
    } finally {
      open.remove(number);
    }
  }

  void answered(String node, ErrandMessage.Body.Identified a) {
    Asker asker = open.get(a.question());
    if (asker != null && asker.node().equals(node)) {
      asker.answer().complete(a.process());
    }
  }

  void answered(String node, ErrandMessage.Body.Unidentified a) {
    Asker asker = open.get(a.question());
    if (asker != null && asker.node().equals(node)) {
      asker.answer().completeExceptionally(new Refused(a.why()));
    }
  }

  private static Refused silent(String node) {
    return new Refused(
        Rejection.Reason.UNAVAILABLE,
        "node '" + node + "' does not say which process that is; ask again when it answers");
  }
}

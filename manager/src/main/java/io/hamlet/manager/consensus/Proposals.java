package io.hamlet.manager.consensus;

import io.hamlet.manager.port.Consensus.NotLeader;
import io.hamlet.manager.port.Consensus.Unknown;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Commands on their way into the log of this voter. A command is taken at one moment, just before
 * it is appended; what fails before is certainly not taken, what fails after is unknown.
 * Thread-safe.
 */
final class Proposals {
  private enum Stage {
    WAITING,
    WITHDRAWN,
    TAKEN
  }

  private final Supplier<String> leader;
  private final AtomicLong last = new AtomicLong();
  private final Map<Long, Proposal> open = new ConcurrentHashMap<>();

  Proposals(Supplier<String> leader) {
    this.leader = leader;
  }

  Proposal begin(Duration timeout) {
    Proposal made = new Proposal(last.incrementAndGet());
    open.put(made.number, made);
    made.future.whenComplete((index, why) -> open.remove(made.number));
    CompletableFuture.delayedExecutor(timeout.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
        .execute(() -> made.fail("no answer in " + timeout.toMillis() + " ms"));
    return made;
  }

  /** About to be appended: false when nobody waits for it any more, and it must not be. */
  boolean take(long number) {
    Proposal found = open.get(number);
    return found != null && found.stage.compareAndSet(Stage.WAITING, Stage.TAKEN);
  }

  /** A number that is no command's. */
  long next() {
    return last.incrementAndGet();
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  void failAll(String why) {
    open.values().forEach(p -> p.fail(why));
  }

  /** One command. */
  final class Proposal {
    final long number;
    final CompletableFuture<Long> future = new CompletableFuture<>();
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);

    private Proposal(long number) {
      this.number = number;
    }

    boolean isWaiting() {
      return stage.get() == Stage.WAITING;
    }

    void done(long index) {
      future.complete(index);
    }

    /** With the exception that is true of its stage. */
    void fail(String why) {
      if (!future.isDone()) {
        boolean untouched =
            stage.compareAndSet(Stage.WAITING, Stage.WITHDRAWN) || stage.get() == Stage.WITHDRAWN;
        future.completeExceptionally(untouched ? new NotLeader(leader.get()) : new Unknown(why));
      }
    }
  }
}

package io.hamlet.manager.consensus;

import io.hamlet.manager.port.Consensus.NotLeader;
import io.hamlet.manager.port.Consensus.Unknown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Commands on their way into the log of this voter, each alone or with others in one entry. An
 * entry is taken at one moment, just before it is appended; what fails before is certainly not
 * taken, what fails after is unknown. Thread-safe.
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
  private final Map<Long, Entry> entries = new ConcurrentHashMap<>();

  Proposals(Supplier<String> leader) {
    this.leader = leader;
  }

  /**
   * @param command empty: it is not a command that is proposed
   */
  Proposal begin(byte[] command, Duration timeout) {
    Proposal made = new Proposal(last.incrementAndGet(), command);
    open.put(made.number, made);
    made.future.whenComplete((index, why) -> open.remove(made.number));
    CompletableFuture.delayedExecutor(timeout.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
        .execute(() -> made.fail("no answer in " + timeout.toMillis() + " ms"));
    return made;
  }

  /** Those that nobody gave up yet go into one entry. */
  Entry enter(List<Proposal> some) {
    Entry made = new Entry(last.incrementAndGet());
    List<byte[]> commands = new ArrayList<>();
    for (Proposal each : some) {
      byte[] command = each.command;
      if (each.entry.compareAndSet(null, made)) {
        made.proposals.add(each);
        commands.add(command);
      }
    }
    made.bytes = commands.isEmpty() ? null : Bundle.encode(commands);
    entries.put(made.number, made);
    made.over = made.allDone();
    made.over.whenComplete(
        (all, why) -> {
          made.bytes = null;
          entries.remove(made.number);
        });
    return made;
  }

  /** About to be appended: false when somebody has given it up, and it must not be. */
  boolean take(long number) {
    Entry found = entries.get(number);
    return found != null && found.stage.compareAndSet(Stage.WAITING, Stage.TAKEN);
  }

  /** A number that is no entry's. */
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
    final CompletableFuture<Long> future = new CompletableFuture<>();
    private final long number;

    /** Null: nobody waits for it any more. Its timer may still know of it for long. */
    private volatile byte[] command;

    /** Null: it waits. */
    private final AtomicReference<Entry> entry = new AtomicReference<>();

    private Proposal(long number, byte[] command) {
      this.number = number;
      this.command = command;
      future.whenComplete((index, why) -> this.command = null);
    }

    /** Bytes that it adds to an entry with others. */
    int size() {
      byte[] bytes = command;
      return bytes == null ? 0 : Bundle.size(bytes);
    }

    /** With the exception that is true of its stage. What is in an entry with it goes with it. */
    void fail(String why) {
      if (future.isDone()) {
        return;
      }
      Entry nowhere = new Entry(0);
      Entry mine = entry.compareAndSet(null, nowhere) ? nowhere : entry.get();
      if (mine.withdraw()) {
        mine.proposals.forEach(Proposal::refuse);
        refuse();
      } else {
        future.completeExceptionally(new Unknown(why));
      }
    }

    private void refuse() {
      future.completeExceptionally(new NotLeader(leader.get()));
    }
  }

  /** What is appended as one. */
  final class Entry {
    final long number;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
    private final List<Proposal> proposals = new CopyOnWriteArrayList<>();
    private volatile byte[] bytes;
    private CompletableFuture<?> over;

    private Entry(long number) {
      this.number = number;
    }

    List<Proposal> proposals() {
      return proposals;
    }

    /** Null: nobody waits for it any more. */
    byte[] bytes() {
      return bytes;
    }

    /** Completes when nobody waits for it any more; for the thread that entered them. */
    CompletableFuture<?> over() {
      return over;
    }

    private CompletableFuture<?> allDone() {
      return CompletableFuture.allOf(
          proposals.stream()
              .map(p -> p.future.handle((index, why) -> null))
              .toArray(CompletableFuture[]::new));
    }

    /** It stands in the log. */
    void done(long index) {
      for (int i = 0; i < proposals.size(); i++) {
        proposals.get(i).future.complete(Bundle.place(index, i));
      }
    }

    void fail(String why) {
      proposals.forEach(p -> p.fail(why));
    }

    private boolean withdraw() {
      return stage.compareAndSet(Stage.WAITING, Stage.WITHDRAWN) || stage.get() == Stage.WITHDRAWN;
    }
  }
}

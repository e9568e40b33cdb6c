package io.hamlet.manager.consensus;

import io.hamlet.manager.consensus.Proposals.Entry;
import io.hamlet.manager.consensus.Proposals.Proposal;
import io.hamlet.manager.port.Consensus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Brings commands to Ratis on a thread of its own, for Ratis makes callers wait while a disk is
 * slow. A command that comes while few entries are under way goes at once; else those that have
 * come meanwhile go together, as one. Thread-safe.
 */
final class Submitter {
  /** With one, a command would wait for a whole round; with many, entries would stay small. */
  private static final int MOST_UNDER_WAY = 2;

  private static final int MOST_WAITING = 4_096;

  private final Proposals proposals;
  private final Consumer<Entry> submit;
  private final ExecutorService thread;
  private final BlockingQueue<Proposal> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicBoolean called = new AtomicBoolean();

  /**
   * @param submit hands one entry to Ratis
   */
  Submitter(String node, Proposals proposals, Consumer<Entry> submit) {
    this.proposals = proposals;
    this.submit = submit;
    thread = Executors.newSingleThreadExecutor(work -> Lane.daemon(work, "propose-" + node));
  }

  void add(Proposal proposal) {
    if (waiting.offer(proposal)) {
      call();
    } else {
      proposal.fail("too many commands wait");
    }
  }

  /** What is no command, alone. */
  void add(Proposal proposal, Consumer<Entry> work) {
    try {
      thread.execute(() -> work.accept(proposals.enter(List.of(proposal))));
    } catch (RejectedExecutionException e) {
      proposal.fail("the voter has ended");
    }
  }

  private void call() {
    if (!called.getAndSet(true)) {
      try {
        thread.execute(this::gather);
      } catch (RejectedExecutionException e) {
        called.set(false);
        for (Proposal late = waiting.poll(); late != null; late = waiting.poll()) {
          late.fail("the voter has ended");
        }
      }
    }
  }

  private void gather() {
    called.set(false);
    while (underWay.get() < MOST_UNDER_WAY && !waiting.isEmpty()) {
      Entry entry = proposals.enter(next());
      if (!entry.proposals().isEmpty()) {
        underWay.incrementAndGet();
        submit.accept(entry);
        entry.over().whenComplete((all, why) -> ended());
      }
    }
  }

  private void ended() {
    underWay.decrementAndGet();
    if (!waiting.isEmpty()) {
      call();
    }
  }

  private List<Proposal> next() {
    List<Proposal> some = new ArrayList<>();
    long bytes = 0;
    for (Proposal p = waiting.peek(); p != null && some.size() < Bundle.MOST; p = waiting.peek()) {
      bytes += p.size();
      if (!some.isEmpty() && bytes > Consensus.MOST_BYTES) {
        break;
      }
      some.add(waiting.remove());
    }
    return some;
  }

  void close() {
    thread.shutdownNow();
  }
}

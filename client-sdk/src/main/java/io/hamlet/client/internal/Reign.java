package io.hamlet.client.internal;

import io.hamlet.client.HamException;
import io.hamlet.client.LeaderWork;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One time that a program leads: a thread of its own does the work, and the keeper renews the right
 * each third of a span. The work is told a quarter of a span before the right ends. {@link #run} is
 * for the keeper, everything else for any thread.
 */
final class Reign {
  private static final Logger LOG = LoggerFactory.getLogger(Reign.class);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final String name;
  private final Duration span;
  private final LeaderWork work;
  private final Ballot ballot;
  private final LongSupplier clock;
  private final LiveTerm term;
  private final BooleanSupplier closed;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final Thread worker;

  /**
   * @param closed nobody wants it any more
   */
  Reign(
      String name,
      Duration span,
      LeaderWork work,
      Ballot ballot,
      LongSupplier clock,
      LiveTerm term,
      BooleanSupplier closed) {
    this.name = name;
    this.span = span;
    this.work = work;
    this.ballot = ballot;
    this.clock = clock;
    this.term = term;
    this.closed = closed;
    this.worker = Thread.ofPlatform().daemon().name("leads " + name).unstarted(this::work);
  }

  LiveTerm term() {
    return term;
  }

  boolean isDoneBy(Thread thread) {
    return thread == worker;
  }

  /**
   * Returns when the work has.
   *
   * @return what it has thrown; CancellationException: the right ended before; null: it is done
   */
  Throwable run() {
    worker.start();
    try {
      keep();
    } finally {
      term.end();
      if (!done.isDone()) {
        worker.interrupt();
      }
    }
    return done.handle((nothing, failure) -> failure).join();
  }

  private void work() {
    Throwable failure = null;
    try {
      work.run(term);
    } catch (Throwable e) {
      failure = e;
    }
    if (!term.isLeader()) {
      LOG.debug("'{}' is led from here no more", name, failure);
      done.completeExceptionally(new CancellationException());
    } else if (failure == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(failure);
    }
  }

  /** Renews each third of a span; returns a quarter of it before the end, or when it is over. */
  private void keep() {
    long notice = span.toNanos() / 4;
    Duration wait = span.dividedBy(3);
    for (long turn = 2; !closed.getAsBoolean() && !isDone(wait, notice); turn++) {
      // Before the look at what is left: nothing that has lapsed is renewed.
      long until = clock.getAsLong() + span.toNanos();
      long most = Math.min(span.toNanos() / 3, term.leftNanos() - notice);
      if (closed.getAsBoolean() || most <= 0) {
        return;
      }
      wait = PAUSE;
      try {
        long token = ballot.claim(term.holder(), turn, span, Duration.ofNanos(most));
        if (token != term.token()) {
          return;
        }
        term.extend(until);
        wait = span.dividedBy(3);
      } catch (HamException.Refused e) {
        if (!Ballot.passes(e)) {
          LOG.debug("'{}' is led from here no more: {}", name, e.getMessage());
          return;
        }
      } catch (HamException e) {
        LOG.debug("the right to lead '{}' was not renewed: {}", name, e.getMessage());
      } catch (InterruptedException e) {
        // Closed; or nothing that concerns it.
        wait = PAUSE;
      }
    }
  }

  /** Waits for the next renewal; true: there need be none. */
  private boolean isDone(Duration wait, long noticeNanos) {
    long nanos = Math.min(wait.toNanos(), term.leftNanos() - noticeNanos);
    try {
      done.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException | InterruptedException e) {
      return false;
    }
  }
}

package io.hamlet.client.internal;

import io.hamlet.client.HamException;
import io.hamlet.client.LeaderWork;
import io.hamlet.client.Leadership;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wants to lead, leads, and wants again. One thread, the keeper, begins and renews; another does
 * the work, one at a time. A right lasts for a span from before its newest renewal was asked for;
 * the work is told a quarter of that before its end.
 */
public final class Campaign implements Leadership {
  private static final Logger LOG = LoggerFactory.getLogger(Campaign.class);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final SecureRandom CHANCE = new SecureRandom();

  private final String name;
  private final Duration span;
  private final LeaderWork work;
  private final Ballot ballot;
  private final LongSupplier clock;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final Thread keeper;
  private volatile LiveTerm term;
  private volatile Thread worker;
  private volatile boolean closed;

  private Campaign(String name, Duration span, LeaderWork work, Ballot ballot, LongSupplier clock) {
    this.name = name;
    this.span = span;
    this.work = work;
    this.ballot = ballot;
    this.clock = clock;
    this.keeper = Thread.ofPlatform().daemon().name("keeps " + name).unstarted(this::run);
  }

  /**
   * Begins to want it.
   *
   * @param session that means the cluster tree
   */
  public static Leadership begin(Session session, String name, Duration span, LeaderWork work) {
    return begin(name, span, work, new LeadCalls(session, name), new BootClock());
  }

  static Leadership begin(
      String name, Duration span, LeaderWork work, Ballot ballot, LongSupplier clock) {
    clock.getAsLong();
    Campaign campaign = new Campaign(name, span, work, ballot, clock);
    campaign.keeper.start();
    return campaign;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isLeader() {
    LiveTerm now = term;
    return now != null && now.isLeader();
  }

  @Override
  public long token() {
    LiveTerm now = term;
    return now != null && now.isLeader() ? now.token() : 0;
  }

  @Override
  public void await() throws InterruptedException, ExecutionException {
    end.get();
  }

  @Override
  public void close() {
    closed = true;
    LiveTerm now = term;
    long atMost = now == null ? span.toNanos() : now.leftNanos();
    if (now != null) {
      now.end();
    }
    keeper.interrupt();
    if (Thread.currentThread() == worker) {
      return;
    }
    try {
      end.get(Math.max(0, atMost), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("'{}' was led to the end of its right", name, e);
    }
  }

  // --- the keeper -----------------------------------------------------------------------------

  private void run() {
    try {
      while (!closed) {
        LiveTerm won = win();
        if (won != null) {
          serve(won);
        }
      }
      end.complete(null);
    } catch (ExecutionException e) {
      end.completeExceptionally(e.getCause());
    } catch (RuntimeException e) {
      end.completeExceptionally(e);
    } finally {
      closed = true;
      ballot.rest();
    }
  }

  /** Waits for its time; null: not yet, or no more. */
  private LiveTerm win() {
    long holder = CHANCE.nextLong();
    try {
      ballot.listen();
      long until = clock.getAsLong() + span.toNanos();
      long token = ballot.claim(holder, 1, span, span);
      LiveTerm won = new LiveTerm(holder, token, until, clock);
      if (won.isLeader() && !closed) {
        return won;
      }
      leave(holder);
    } catch (HamException.Refused e) {
      refused(holder, e);
    } catch (HamException e) {
      LOG.debug("whether '{}' is led from here is not known: {}", name, e.getMessage());
      // What was asked for may have been done.
      leave(holder);
      pause();
    } catch (InterruptedException e) {
      leave(holder);
    }
    return null;
  }

  private void refused(long holder, HamException.Refused e) {
    if (e.reason() == HamException.Reason.EXISTS) {
      await(span);
    } else if (passes(e)) {
      leave(holder);
      pause();
    } else {
      throw e;
    }
  }

  /** The same may be granted a little later. */
  private static boolean passes(HamException.Refused e) {
    return switch (e.reason()) {
      case UNAVAILABLE, TIMED_OUT, LIMIT -> true;
      default -> false;
    };
  }

  /** Leads until the right is lost or the work is done. */
  private void serve(LiveTerm won) throws ExecutionException {
    ballot.rest();
    CompletableFuture<Void> done = new CompletableFuture<>();
    term = won;
    worker = Thread.ofPlatform().daemon().name("leads " + name).unstarted(() -> work(won, done));
    worker.start();
    try {
      keep(won, done);
    } finally {
      won.end();
      if (!done.isDone()) {
        worker.interrupt();
      }
    }
    Throwable failure = result(done);
    term = null;
    worker = null;
    leave(won.holder());
    // Whoever was interrupted, or late, is not asked what became of it.
    if (failure != null && !(failure instanceof CancellationException)) {
      closed = true;
      throw new ExecutionException(failure);
    }
    closed |= failure == null;
  }

  private void work(LiveTerm of, CompletableFuture<Void> done) {
    Throwable failure = null;
    try {
      work.run(of);
    } catch (Throwable e) {
      failure = e;
    }
    if (!of.isLeader()) {
      LOG.debug("'{}' is led from here no more", name, failure);
      done.completeExceptionally(new CancellationException());
    } else if (failure == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(failure);
    }
  }

  /** Renews each third of a span; returns a quarter of it before the end, or when it is over. */
  private void keep(LiveTerm held, CompletableFuture<Void> done) {
    long notice = span.toNanos() / 4;
    Duration wait = span.dividedBy(3);
    for (long turn = 2; !closed && !isDone(done, held, wait, notice); turn++) {
      // Before the look at what is left: nothing that has lapsed is renewed.
      long until = clock.getAsLong() + span.toNanos();
      long most = Math.min(span.toNanos() / 3, held.leftNanos() - notice);
      if (closed || most <= 0) {
        return;
      }
      wait = PAUSE;
      try {
        long token = ballot.claim(held.holder(), turn, span, Duration.ofNanos(most));
        if (token != held.token()) {
          return;
        }
        held.extend(until);
        wait = span.dividedBy(3);
      } catch (HamException.Refused e) {
        if (!passes(e)) {
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
  private boolean isDone(
      CompletableFuture<Void> done, LiveTerm held, Duration wait, long noticeNanos) {
    long nanos = Math.min(wait.toNanos(), held.leftNanos() - noticeNanos);
    try {
      done.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException | InterruptedException e) {
      return false;
    }
  }

  /** What the work has thrown, or null, once it has returned. */
  private static Throwable result(CompletableFuture<Void> done) {
    return done.handle((nothing, failure) -> failure).join();
  }

  /** Best done at once; what is not given up ends by itself. */
  private void leave(long holder) {
    for (int tries = 0; tries < 2 && !ballot.isOver(); tries++) {
      try {
        ballot.leave(holder, span);
        return;
      } catch (HamException e) {
        LOG.debug("the right to lead '{}' was not given up: {}", name, e.getMessage());
        return;
      } catch (InterruptedException e) {
        // That was meant for the wait before.
        continue;
      }
    }
  }

  private void await(Duration atMost) {
    try {
      ballot.await(atMost);
    } catch (HamException e) {
      pause();
    } catch (InterruptedException e) {
      LOG.debug("'{}' is wanted no more", name);
    }
  }

  private void pause() {
    if (ballot.isOver()) {
      throw new IllegalStateException("the connection was closed");
    }
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      LOG.debug("'{}' is wanted no more", name);
    }
  }
}

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
 * Wants to lead, leads, and wants again, on a thread of its own, the keeper. A right lasts for a
 * span from before its newest renewal was asked for.
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
  private volatile Reign reign;
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
    Reign now = reign;
    return now != null && now.term().isLeader();
  }

  @Override
  public long token() {
    Reign now = reign;
    return now != null && now.term().isLeader() ? now.term().token() : 0;
  }

  @Override
  public void await() throws InterruptedException, ExecutionException {
    end.get();
  }

  @Override
  public void close() {
    closed = true;
    Reign now = reign;
    long atMost = now == null ? span.toNanos() : now.term().leftNanos();
    if (now != null) {
      now.term().end();
    }
    keeper.interrupt();
    if (now != null && now.isDoneBy(Thread.currentThread())) {
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
    } else if (Ballot.passes(e)) {
      leave(holder);
      pause();
    } else {
      throw e;
    }
  }

  /** Leads until the right is lost or the work is done. */
  private void serve(LiveTerm won) throws ExecutionException {
    ballot.rest();
    Reign begun = new Reign(name, span, work, ballot, clock, won, () -> closed);
    reign = begun;
    Throwable failure = begun.run();
    reign = null;
    leave(won.holder());
    // Whoever was interrupted, or late, is not asked what became of it.
    if (failure != null && !(failure instanceof CancellationException)) {
      closed = true;
      throw new ExecutionException(failure);
    }
    closed |= failure == null;
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

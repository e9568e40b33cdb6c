package io.hamlet.client.recovery;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The open connection that duplicates share: what is in its seat, how many hold it, and the one
 * recovery of it that may run. Thread-safe.
 *
 * <p>While a recovery runs the seat is empty, so that a call finds out by the read it makes anyway.
 */
final class Line<C> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Terms terms;
  private volatile Seat<C> seat;
  private Recovering<C> healing;
  private boolean gone;
  private long token;
  private int holders = 1;

  Line(C connection, long token, Terms terms) {
    this.seat = new Seat<>(connection, 0);
    this.token = token;
    this.terms = terms;
  }

  Terms terms() {
    return terms;
  }

  /** The seat as it is, empty during a recovery. */
  Seat<C> glance() {
    return seat;
  }

  /** Runs it under the lock of this line. */
  <R> R locked(Supplier<R> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The seat when no recovery runs. The thread that recovers sees what it has opened so far. An
   * interrupted one gets the lost connection, whose own error tells its caller.
   */
  Seat<C> settledSeat(HaConnection<C> asker) {
    lock.lock();
    try {
      while (healing != null) {
        if (healing.isMine()) {
          return healing.seat();
        }
        if (asker.isClosed()) {
          return healing.lost();
        }
        changed.await();
      }
      return seat;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return healing == null ? seat : healing.lost();
    } finally {
      lock.unlock();
    }
  }

  /** The seat after a recovery, by this thread or another; throws the error if there is none. */
  Seat<C> heal(HaConnection<C> caller, Seat<C> failed, Throwable error) {
    Recovering<C> mine;
    Recovery<C> function;
    lock.lock();
    try {
      if (awaitOthers(caller, failed, error)) {
        return seat;
      }
      RecoveryRecord<C> record = caller.record();
      function = record == null ? null : record.mayRecover();
      if (function == null || caller.isClosed() || Thread.currentThread().isInterrupted()) {
        throw Sneaky.raise(error);
      }
      C live = gone ? null : seat.connection();
      mine = new Recovering<>(this, caller, record, seat, live, token, error);
      healing = mine;
      seat = new Seat<>(null, failed.generation());
    } finally {
      lock.unlock();
    }
    return mine.run(function);
  }

  /** True when somebody else has healed it; throws the error when somebody has tried in vain. */
  private boolean awaitOthers(HaConnection<C> caller, Seat<C> failed, Throwable error) {
    while (healing != null) {
      Recovering<C> other = healing;
      if (other.isMine() || caller.isClosed()) {
        throw Sneaky.raise(error);
      }
      try {
        changed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Sneaky.raise(error);
      }
      if (other.outcome() == Recovering.Outcome.IN_VAIN) {
        throw Sneaky.raise(error);
      }
    }
    return seat.generation() > failed.generation() && !caller.isClosed();
  }

  /**
   * Ends a recovery. Answers the new seat, or null if it was in vain or everybody has closed.
   *
   * @param interrupted it ended for a reason of that thread; a waiting one takes over
   */
  Seat<C> ended(Recovering<C> it, boolean healed, boolean interrupted, long nanos) {
    C leftOver = null;
    lock.lock();
    try {
      boolean well = healed && holders > 0;
      it.record().end(well, nanos);
      C live = it.takeLive();
      gone = live == null;
      if (well) {
        seat = new Seat<>(it.connection(), it.lost().generation() + 1);
        token = it.token();
        it.end(Recovering.Outcome.HEALED);
      } else {
        seat = it.lost();
        // What was opened in vain is closed; the lost one is, as ever, with the last holder.
        leftOver = live == seat.connection() && holders > 0 ? null : live;
        gone |= leftOver != null;
        it.end(interrupted ? Recovering.Outcome.ABANDONED : Recovering.Outcome.IN_VAIN);
      }
      healing = null;
      changed.signalAll();
      return well ? seat : null;
    } finally {
      lock.unlock();
      Sneaky.closeQuietly(leftOver);
    }
  }

  /** Notes what a recovery has opened; false if nobody is left to use it. */
  boolean keep(Recovering<C> it, C opened) {
    return locked(
        () -> {
          if (holders > 0) {
            it.setLive(opened);
          }
          return holders > 0;
        });
  }

  /** True in the function that recovers this line; call it under the lock. */
  boolean isRecoveringHere() {
    return healing != null && healing.isMine();
  }

  /** One more holds it; call it under the lock. */
  void join() {
    holders++;
  }

  /** One less; call it under the lock. Answers what to close now, or null. */
  C leave() {
    holders--;
    changed.signalAll();
    if (holders > 0) {
      return null;
    }
    if (healing != null) {
      return healing.takeLive();
    }
    C last = gone ? null : seat.connection();
    gone = true;
    return last;
  }

  boolean isClosed() {
    return locked(() -> holders == 0);
  }

  /** Something that a waiting thread may care for has changed. */
  void wake() {
    locked(
        () -> {
          changed.signalAll();
          return null;
        });
  }

  /** Waits under the lock until the supplier gives something, the line is closed or time is up. */
  <R> R await(Supplier<R> found, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      R result = found.get();
      while (result == null && holders > 0 && left > 0) {
        left = changed.awaitNanos(left);
        result = found.get();
      }
      return result;
    } finally {
      lock.unlock();
    }
  }
}

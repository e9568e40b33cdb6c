package io.hamlet.client.recovery;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A connection that can be attached to a recovery function (ham.md 9). Calls that fail because it
 * is lost wait until it is healed, and are issued again if they may be. Thread-safe.
 *
 * <p>It stands in the place of the original's connection id. A thread that is interrupted while it
 * waits gets the error of its call, and stays interrupted; the others are not disturbed.
 */
public final class HaConnection<C> implements AutoCloseable {
  private static final AtomicInteger IDS = new AtomicInteger();

  /** A flag of {@link #attach}. */
  public enum Attach {
    /** Replace the function if there is one (HAREPLACERECOVERYFN). */
    REPLACE
  }

  private final int id = IDS.incrementAndGet();
  private final Line<C> line;
  private volatile RecoveryRecord<C> record;
  private volatile boolean closed;

  HaConnection(Line<C> line, RecoveryRecord<C> record) {
    this.line = line;
    this.record = record;
  }

  /** Its number in this process, above 0. */
  public int id() {
    return id;
  }

  /**
   * Makes it heal (ha_attach).
   *
   * @param recovery null: nothing is recovered
   * @throws AttachException EXISTS when attached and not told to replace; CLOSED
   */
  public void attach(Recovery<C> recovery, Attach... flags) {
    line.locked(
        () -> {
          checkOpen();
          if (record == null) {
            record = new RecoveryRecord<>(recovery);
          } else if (flags.length > 0) {
            record.replace(recovery);
          } else {
            throw new AttachException(
                AttachException.Reason.EXISTS, "connection " + id + " is attached; say REPLACE");
          }
          return null;
        });
  }

  /**
   * Ends its healing; duplicates keep theirs (ha_detach). A recovery under way goes on.
   *
   * @throws AttachException NOT_ATTACHED, CLOSED
   */
  public void detach() {
    line.locked(
        () -> {
          attached().leave();
          record = null;
          return null;
        });
  }

  /**
   * A second holder of the connection, with one recovery record for both (ha_dup). What is open is
   * closed by the last of them.
   *
   * @throws AttachException NOT_ATTACHED, CLOSED
   */
  public HaConnection<C> dup() {
    return line.locked(
        () -> {
          RecoveryRecord<C> shared = attached();
          shared.join();
          line.join();
          return new HaConnection<>(line, shared);
        });
  }

  /**
   * Controls recovery, for its duplicates too (ha_connection_ctrl).
   *
   * @throws AttachException NOT_ATTACHED, CLOSED
   */
  public void control(Control command, long argument) {
    Objects.requireNonNull(command, "command");
    line.locked(
        () -> {
          attached().control(command, argument);
          return null;
        });
  }

  /** Like {@link #control(Control, long)}, for commands without an argument. */
  public void control(Control command) {
    if (command == Control.TOTAL_LIMIT || command == Control.FAILURE_LIMIT) {
      throw new IllegalArgumentException(command + " needs its limit");
    }
    control(command, 0);
  }

  /**
   * What its recovery record has seen.
   *
   * @throws AttachException NOT_ATTACHED, CLOSED
   */
  public Counters counters() {
    return line.locked(() -> attached().counters());
  }

  /** Whether it heals. */
  public boolean isAttached() {
    return record != null;
  }

  public boolean isClosed() {
    return closed;
  }

  /**
   * Detaches and closes, once (ha_close). Calls in flight and waiting ones end with their errors; a
   * recovery under way is told by {@link Recovering#pause} and its like.
   *
   * @throws IOException closing what was open failed, for whatever reason
   */
  @Override
  public void close() throws IOException {
    try {
      end();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new IOException("connection " + id + " was closed, not without an error", e);
    }
  }

  /** For covers: like {@link #close}, but the error is that of what was open. */
  public void end() throws Exception {
    C last = line.locked(this::leave);
    if (last instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }

  private C leave() {
    if (closed) {
      return null;
    }
    closed = true;
    if (record != null) {
      record.leave();
      record = null;
    }
    return line.leave();
  }

  /**
   * Does something with what is open, again after each recovery if it may be repeated.
   *
   * @throws OutcomeUnknown it may not, and the connection was lost under it
   * @throws AttachException CLOSED
   */
  public <R, X extends Exception> R call(Repeat repeat, Operation<? super C, R, X> operation)
      throws X {
    Seat<C> seat = seat();
    boolean again = false;
    while (true) {
      try {
        R result = operation.on(seat.connection());
        if (again) {
          settled();
        }
        return result;
      } catch (Throwable e) {
        seat = failed(seat, e, repeat == Repeat.IDEMPOTENT);
        again = true;
      }
    }
  }

  /** For covers: what to call now; waits while another thread recovers. */
  public Seat<C> seat() {
    Seat<C> now = line.glance();
    if (closed) {
      checkOpen();
    }
    return now.connection() == null ? line.settledSeat(this) : now;
  }

  /** For covers: the same, but null where it would wait. */
  public Seat<C> seatNow() {
    Seat<C> now = line.glance();
    boolean waits = now.connection() == null && !line.locked(line::isRecoveringHere);
    return waits && !closed ? null : seat();
  }

  /**
   * For covers: a call in that seat failed. Answers the seat in which to issue it again, or throws:
   * the error itself, whatever its type, or {@link OutcomeUnknown}.
   */
  public Seat<C> failed(Seat<C> seat, Throwable error, boolean repeatable) {
    if (record == null || closed) {
      throw Sneaky.raise(error);
    }
    Loss loss = line.terms().losses().of(error);
    if (loss == Loss.NONE) {
      if (!Thread.currentThread().isInterrupted()) {
        settled();
      }
      throw Sneaky.raise(error);
    }
    Seat<C> next = line.heal(this, seat, error);
    if (repeatable || loss == Loss.BEFORE_SENDING) {
      return next;
    }
    line.locked(
        () -> {
          if (record != null) {
            record.outcomeUnknown();
          }
          return null;
        });
    tell(new RecoveryEvent.Unknown(id, error));
    throw new OutcomeUnknown(error);
  }

  /** For covers: a call that had failed has got through. */
  public void settled() {
    line.locked(
        () -> {
          if (record != null && !line.isRecoveringHere()) {
            record.settled();
          }
          return null;
        });
  }

  RecoveryRecord<C> record() {
    return record;
  }

  void tell(RecoveryEvent event) {
    try {
      line.terms().listener().happened(event);
    } catch (RuntimeException e) {
      // A hook must not harm what it listens to.
    }
  }

  private RecoveryRecord<C> attached() {
    checkOpen();
    RecoveryRecord<C> mine = record;
    if (mine == null) {
      throw new AttachException(
          AttachException.Reason.NOT_ATTACHED, "connection " + id + " is not attached");
    }
    return mine;
  }

  private void checkOpen() {
    if (closed) {
      throw new AttachException(AttachException.Reason.CLOSED, "connection " + id + " is closed");
    }
  }
}

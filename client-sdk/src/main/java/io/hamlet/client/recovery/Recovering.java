package io.hamlet.client.recovery;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * One recovery under way: what a {@link Recovery} function has to work with. For the thread that
 * recovers, and only until the function returns.
 */
public final class Recovering<C> {
  private static final long FIRST_PAUSE = 1_000_000;
  private static final long LONGEST_PAUSE = 20_000_000;

  /** How it ended. */
  enum Outcome {
    HEALED,
    IN_VAIN,
    ABANDONED
  }

  private final Thread thread = Thread.currentThread();
  private final Line<C> line;
  private final HaConnection<C> caller;
  private final RecoveryRecord<C> record;
  private final Seat<C> lost;
  private final Throwable error;
  private final long oldToken;
  private final int attempt;
  private Outcome outcome;
  private volatile C opened;
  private C live;
  private long token;

  /** Under the lock of the line. */
  Recovering(
      Line<C> line,
      HaConnection<C> caller,
      RecoveryRecord<C> record,
      Seat<C> lost,
      C live,
      long token,
      Throwable error) {
    this.line = line;
    this.caller = caller;
    this.record = record;
    this.lost = lost;
    this.live = live;
    this.oldToken = token;
    this.token = token;
    this.error = error;
    this.attempt = record.begin();
  }

  /** Of the connection that failed; also what the function returns to say that all is well. */
  public int id() {
    return caller.id();
  }

  /** The error of the call that failed. */
  public Throwable error() {
    return error;
  }

  /** Which attempt it is for this failure, from 1. */
  public int attempt() {
    return attempt;
  }

  /** What {@link #reopen} opened last; before that, the lost connection. */
  public C connection() {
    C now = opened;
    return now == null ? lost.connection() : now;
  }

  /**
   * Closes what there is and opens anew, in its place (ha_reopen).
   *
   * @return {@link #id()}
   */
  public int reopen(Opener<? extends C> opener) throws Exception {
    Sneaky.closeQuietly(line.locked(this::takeLive));
    long before = line.terms().server().now().token();
    C now = opener.open();
    if (now == null) {
      throw new NullPointerException("the opener gave null");
    }
    if (!line.keep(this, now)) {
      Sneaky.closeQuietly(now);
      throw new CancellationException("closed while it was being recovered");
    }
    opened = now;
    token = before;
    return id();
  }

  /**
   * The same, and tries again until it succeeds or the time is over, then throws what the last try
   * threw. Between two tries it waits 1 to 20 ms, or until the server was restarted. It begins with
   * {@link #slowDown}. What has to be said first on a new connection belongs into the opener, as a
   * dying server may still take connections.
   */
  public int reopen(Opener<? extends C> opener, Duration patience) throws Exception {
    slowDown();
    long end = System.nanoTime() + patience.toNanos();
    long pause = FIRST_PAUSE;
    while (true) {
      try {
        return reopen(opener);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        if (Thread.currentThread().isInterrupted() || System.nanoTime() - end >= 0) {
          throw e;
        }
        long seen = server().token();
        awaitServer(s -> s.token() != seen, pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE);
      }
    }
  }

  /** The server as it is known now; never blocks. */
  public Server server() {
    return line.terms().server().now();
  }

  /** Whether the server was started again since the connection was opened. */
  public boolean wasRestarted() {
    return server().token() != oldToken;
  }

  /**
   * Waits until the server was started again after the connection was opened; answers at once if
   * that is so already.
   *
   * @return the server, or null when the time is over
   */
  public Server awaitRestart(Duration atMost) throws InterruptedException {
    return awaitServer(s -> s.up() && s.token() != oldToken, atMost.toNanos());
  }

  /**
   * Lets time pass if recoveries of this failure have helped nothing so far: 2 ms, doubled with
   * each attempt, up to 1 s. So a server that takes connections and drops them is not stormed.
   */
  public void slowDown() throws InterruptedException {
    if (attempt > 1) {
      pause(Duration.ofMillis(Math.min(1_000, 1L << Math.min(attempt - 1, 10))));
    }
  }

  /** Lets time pass. Throws {@link CancellationException} if the connection is closed meanwhile. */
  public void pause(Duration time) throws InterruptedException {
    awaitServer(s -> false, time.toNanos());
  }

  private Server awaitServer(java.util.function.Predicate<Server> wanted, long nanos)
      throws InterruptedException {
    ServerWatch watch = line.terms().server();
    try (ServerWatch.Listening _ = watch.onChange(line::wake)) {
      Server found =
          line.await(
              () -> {
                Server now = watch.now();
                return wanted.test(now) ? now : null;
              },
              nanos);
      if (found == null && line.isClosed()) {
        throw new CancellationException("closed while it was being recovered");
      }
      return found;
    }
  }

  boolean isMine() {
    return Thread.currentThread() == thread;
  }

  /** What is open now and still to be closed by somebody; whoever takes it closes it. */
  C takeLive() {
    C mine = live;
    live = null;
    return mine;
  }

  /** Under the lock of the line. */
  void setLive(C now) {
    live = now;
  }

  RecoveryRecord<C> record() {
    return record;
  }

  Seat<C> lost() {
    return lost;
  }

  /** For calls that the function itself makes through the cover. */
  Seat<C> seat() {
    return new Seat<>(connection(), lost.generation());
  }

  long token() {
    return token;
  }

  void end(Outcome how) {
    outcome = how;
  }

  Outcome outcome() {
    return outcome;
  }

  /** Calls the function and ends the recovery, whatever the function does. */
  Seat<C> run(Recovery<C> function) {
    long began = System.nanoTime();
    boolean healed = false;
    Throwable trouble = null;
    caller.tell(new RecoveryEvent.Began(id(), attempt, error));
    try {
      healed = function.recover(this) == id();
    } catch (Throwable t) {
      trouble = t;
    }
    if (trouble instanceof InterruptedException) {
      thread.interrupt();
    }
    boolean interrupted = !healed && thread.isInterrupted();
    long nanos = System.nanoTime() - began;
    Seat<C> seat = line.ended(this, healed, interrupted, nanos);
    Duration took = Duration.ofNanos(nanos);
    if (seat != null) {
      caller.tell(new RecoveryEvent.Healed(id(), attempt, took, error));
    } else {
      caller.tell(new RecoveryEvent.NotHealed(id(), attempt, took, error, trouble));
    }
    if (trouble instanceof VirtualMachineError fatal) {
      Sneaky.suppress(fatal, error);
      throw fatal;
    }
    Sneaky.suppress(error, trouble);
    if (seat == null || caller.isClosed()) {
      throw Sneaky.raise(error);
    }
    return seat;
  }
}

package io.hamlet.manager.replica;

import io.hamlet.core.guardian.Silence;
import java.time.Duration;

/**
 * How long one who seeks its tree waits for the voters: for the limit from when the bus is open,
 * and for some times as long at most. A look that comes late begins the count anew: who stood still
 * himself can not say that others were silent. Times are nanoseconds on any steady clock. One
 * thread.
 */
final class Patience {
  /** So many times the limit: for a bus that does not open, or one that is there and is silent. */
  static final int MOST = 5;

  private final long limit;
  private long since;
  private long end;

  Patience(long now, Duration limit) {
    this.limit = limit.toNanos();
    this.since = now;
    this.end = now + MOST * this.limit;
  }

  /**
   * Looks once.
   *
   * @param due when this look was due
   * @param open the bus is
   * @param owed somebody who is there has not answered
   */
  boolean lasts(long now, long due, boolean open, boolean owed) {
    boolean late = now - due > Silence.LATE_NANOS;
    if (late) {
      end += now - due;
    }
    if (late || !open) {
      since = now;
    }
    return now < end && (owed || now - since < limit);
  }
}

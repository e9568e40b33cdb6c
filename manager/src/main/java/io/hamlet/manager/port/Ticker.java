package io.hamlet.manager.port;

import io.hamlet.core.model.Moment;

/** The clocks, and how the core thread sleeps. */
public interface Ticker {
  /** Now, on both clocks. Any thread. */
  Moment now();

  /**
   * Sleeps until {@link #ring}, until something watched happens, or until that CLOCK_BOOTTIME
   * (nanoseconds; Long.MAX_VALUE: no limit). Core thread only. May return early.
   */
  void await(long untilBootNanos);

  /** Wakes the core thread; cheap when it is awake. Any thread. */
  void ring();
}

package io.hamlet.client;

import java.time.Duration;

/** One time that a program leads. Thread-safe. */
public interface Term {
  /**
   * Higher than that of every leader of that name before, to be sent along to what is led. Whoever
   * serves it keeps the highest, see {@link OwnerToken}, and so turns away one that wakes up late.
   */
  long token();

  /**
   * True while nobody else can lead: ask before each deed. The clock is looked at each time, so one
   * whose process was stopped for a while hears of it here at once.
   */
  boolean isLeader();

  /** So long this is true at least if nothing is heard any more; zero when it is not. */
  Duration left();
}

package io.hamlet.core.model;

import java.time.Duration;

/**
 * How often and how soon a restart action may act. An extension of ours; the HAM has no limits and
 * no back-off (ham.md 1.9), and {@link #NONE} is that.
 *
 * @param most restarts within {@code period}; 0: no limit
 * @param least back-off before the second try in a row; zero: none
 * @param longest cap of the back-off
 */
public record RestartPolicy(int most, Duration period, Duration least, Duration longest) {
  // Before NONE, whose construction looks at it.
  private static final Duration BOUND = Duration.ofDays(366);

  public static final RestartPolicy NONE =
      new RestartPolicy(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  public RestartPolicy {
    if (most < 0 || most > 10_000) {
      throw Refused.invalid("a restart budget is between 1 and 10000 restarts");
    }
    for (Duration d : new Duration[] {period, least, longest}) {
      if (d.isNegative() || d.compareTo(BOUND) > 0) {
        throw Refused.invalid("durations of a restart policy are between 0 and 366 days");
      }
    }
    if (most > 0 && period.isZero()) {
      throw Refused.invalid("a restart budget needs a period, as in 5/1m");
    }
    if (least.compareTo(longest) > 0) {
      throw Refused.invalid("the shortest back-off is longer than the longest");
    }
  }

  public boolean isLimited() {
    return most > 0;
  }
}

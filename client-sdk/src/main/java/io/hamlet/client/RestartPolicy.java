package io.hamlet.client;

import java.time.Duration;

/**
 * How often and how soon a restart action may act; an extension of ours (ham.md 1.9).
 *
 * @param most restarts within {@code period} before giving up, up to 10,000; 0: no limit
 * @param least back-off before the second try in a row; zero: none
 * @param longest cap of the back-off
 */
public record RestartPolicy(int most, Duration period, Duration least, Duration longest) {
  public static final RestartPolicy NONE =
      new RestartPolicy(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  public RestartPolicy budget(int restarts, Duration within) {
    return new RestartPolicy(restarts, within, least, longest);
  }

  public RestartPolicy backOff(Duration shortest, Duration cap) {
    return new RestartPolicy(most, period, shortest, cap);
  }
}

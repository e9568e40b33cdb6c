package io.hamlet.agent.activity;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** The kind of time stamp before each line (ham.md 7.1). */
public enum Stamp {
  NONE,
  /** Seconds since the HAM was first started, with milliseconds. */
  RELATIVE,
  /** Date and time. */
  ABSOLUTE,
  /** Time of day. */
  SHORTABS;

  private static final DateTimeFormatter FULL =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss.SSS ");
  private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("HH:mm:ss.SSS ");

  /**
   * The stamp with the blank that follows it; empty for NONE.
   *
   * @param wallNanos of the line, since 1970
   * @param startNanos of the start that relative stamps count from
   */
  String text(long wallNanos, long startNanos, ZoneId zone) {
    Instant at = Instant.ofEpochSecond(0, wallNanos);
    return switch (this) {
      case NONE -> "";
      case RELATIVE -> {
        long millis = Math.max(0, wallNanos - startNanos) / 1_000_000;
        yield millis / 1000 + "." + String.valueOf(1000 + millis % 1000).substring(1) + " ";
      }
      case ABSOLUTE -> FULL.format(at.atZone(zone));
      case SHORTABS -> SHORT.format(at.atZone(zone));
    };
  }
}

package io.hamlet.client.internal;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * The clock that goes on while the host sleeps, from /proc/uptime: whole hundredths of a second,
 * rounded down. {@link System#nanoTime} stands still in suspend.
 */
final class BootClock implements LongSupplier {
  /** So much later it may be than it says. */
  static final long COARSE_NANOS = 10_000_000;

  private static final String FILE = "/proc/uptime";

  @Override
  public long getAsLong() {
    // Not a channel: an interrupt of the reader would close that.
    try (FileInputStream in = new FileInputStream(FILE)) {
      return nanos(new String(in.readNBytes(64), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new IllegalStateException(
          "a right cannot be counted without a clock: " + e.getMessage(), e);
    }
  }

  static long nanos(String uptime) {
    int end = uptime.indexOf(' ');
    int point = uptime.indexOf('.');
    if (point < 1 || end != point + 3) {
      throw new IllegalStateException(FILE + " says no time: " + uptime);
    }
    String hundredths = uptime.substring(0, point) + uptime.substring(point + 1, end);
    return Long.parseLong(hundredths) * COARSE_NANOS;
  }
}

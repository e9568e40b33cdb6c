package io.hamlet.agent.cli;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations ({@code 250ms 2s 1m 1h}) and sizes ({@code 64KiB}) as people write them. */
public final class Units {
  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,12})([A-Za-z]*)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);
  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  private Units() {}

  /** Throws IllegalArgumentException with a message that says what is accepted. */
  public static Duration duration(String text) {
    return Duration.ofMillis(amount(text, MILLIS, "a duration such as 250ms, 2s, 1m or 1h"));
  }

  /** In bytes; a bare number is one of bytes. Throws IllegalArgumentException. */
  public static long size(String text) {
    return amount(text, BYTES, "a size such as 512, 64KiB, 8MiB or 1GiB");
  }

  private static long amount(String text, Map<String, Long> units, String wanted) {
    Matcher parts = AMOUNT.matcher(text);
    Long unit = parts.matches() ? units.get(parts.group(2)) : null;
    if (unit == null) {
      throw new IllegalArgumentException("'" + text + "' is not " + wanted);
    }
    try {
      return Math.multiplyExact(Long.parseLong(parts.group(1)), unit);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is too much", e);
    }
  }
}

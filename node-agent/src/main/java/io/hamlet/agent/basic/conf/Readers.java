package io.hamlet.agent.basic.conf;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of options; all throw IllegalArgumentException that says what would be right. */
final class Readers {
  static final Pattern STATE = Pattern.compile("[a-z0-9-]{1,64}");
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
  private static final Duration LONGEST = Duration.ofDays(30);

  private Readers() {}

  /** Above zero, at most 30 days. */
  static Duration duration(String text) {
    Matcher match = DURATION.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no duration such as 500ms, 5s, 2m or 1h");
    }
    long number = Long.parseLong(match.group(1));
    Duration duration =
        switch (match.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        };
    if (duration.isZero() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("'" + text + "' is not above zero and at most 30 days");
    }
    return duration;
  }

  /** From 1 to 1,000. */
  static int count(String text) {
    if (!text.matches("[0-9]{1,4}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > 1_000) {
      throw new IllegalArgumentException("'" + text + "' is no number from 1 to 1000");
    }
    return Integer.parseInt(text);
  }

  static boolean yesOrNo(String text) {
    return is(text, "yes", "no");
  }

  /** True for the first word, false for the second. */
  static boolean is(String text, String one, String other) {
    if (!text.equals(one) && !text.equals(other)) {
      throw new IllegalArgumentException("'" + text + "' is neither " + one + " nor " + other);
    }
    return text.equals(one);
  }

  /** A state word in lower case. */
  static String state(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (!STATE.matcher(word).matches()) {
      throw new IllegalArgumentException("'" + text + "' is no state: 1 to 64 of a-z 0-9 -");
    }
    return word;
  }

  /** Of a check, a host or a command: a plain file name. */
  static String name(String text) {
    if (!NAME.matcher(text).matches() || text.equals(".") || text.contains("..")) {
      throw new IllegalArgumentException(
          "'" + text + "' is no name: 1 to 100 of A-Z a-z 0-9 . _ -, without '..'");
    }
    return text;
  }
}

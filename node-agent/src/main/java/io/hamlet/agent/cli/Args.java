package io.hamlet.agent.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A parsed command line; the accessors throw {@link UsageException} for values of the wrong form.
 *
 * @param options by long name, every time it was given; "true" for a switch
 * @param tail what followed {@code --}, untouched
 */
record Args(
    Spec spec, Map<String, List<String>> options, List<String> positionals, List<String> tail) {
  boolean has(String option) {
    return options.containsKey(option);
  }

  /** Null when it was not given. */
  String text(String option) {
    return has(option) ? options.get(option).getLast() : null;
  }

  String text(String option, String otherwise) {
    return has(option) ? text(option) : otherwise;
  }

  List<String> all(String option) {
    return options.getOrDefault(option, List.of());
  }

  Duration duration(String option, Duration otherwise) {
    return has(option) ? read("--" + option, text(option), Units::duration) : otherwise;
  }

  int number(String option, int otherwise) {
    return has(option) ? read("--" + option, text(option), Args::integer) : otherwise;
  }

  long bigNumber(String option, long otherwise) {
    return has(option) ? read("--" + option, text(option), Args::longInteger) : otherwise;
  }

  String positional(int i) {
    return positionals.get(i);
  }

  String positional(int i, String otherwise) {
    return i < positionals.size() ? positionals.get(i) : otherwise;
  }

  int numberAt(int i, String name) {
    return read(name, positional(i), Args::integer);
  }

  <T> T read(String whose, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw wrong(whose + ": " + e.getMessage());
    }
  }

  UsageException wrong(String problem) {
    return new UsageException(problem + " (ham " + spec.name() + " --help)");
  }

  static int integer(String text) {
    try {
      return Integer.decode(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a whole number of 32 bits", e);
    }
  }

  static long longInteger(String text) {
    try {
      return Long.decode(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
    }
  }
}

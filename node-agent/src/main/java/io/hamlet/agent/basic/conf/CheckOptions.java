package io.hamlet.agent.basic.conf;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How a check is run and understood.
 *
 * @param host whose status it decides; empty: told by its name or its scope
 * @param interval from start to start
 * @param attempts equal results in a row before a change is believed
 * @param criticalOnTimeout else a timeout is UNKNOWN
 * @param unknownAfter UNKNOWN results in a row before an alert
 * @param environment added to that of the script
 */
public record CheckOptions(
    String host,
    Duration interval,
    Duration timeout,
    int attempts,
    boolean criticalOnTimeout,
    int unknownAfter,
    String ok,
    String warning,
    String critical,
    Map<String, String> environment) {
  /** What holds where no line says otherwise. */
  public static final CheckOptions DEFAULT =
      new CheckOptions(
          "",
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          1,
          false,
          3,
          "up",
          "up",
          "down",
          Map.of());

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  public CheckOptions {
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  /** The same with one option set. Throws IllegalArgumentException for what is no such option. */
  CheckOptions with(String key, String v) {
    if (key.startsWith("env.")) {
      return withVariable(key.substring("env.".length()), v);
    }
    return switch (key) {
      case "host" -> copy(Readers.name(v), interval, timeout, attempts, unknownAfter);
      case "interval" -> copy(host, Readers.duration(v), timeout, attempts, unknownAfter);
      case "timeout" -> copy(host, interval, Readers.duration(v), attempts, unknownAfter);
      case "attempts" -> copy(host, interval, timeout, Readers.count(v), unknownAfter);
      case "unknown_after" -> copy(host, interval, timeout, attempts, Readers.count(v));
      case "on_timeout" -> words(Readers.is(v, "critical", "unknown"), ok, warning, critical);
      case "state.ok" -> words(criticalOnTimeout, Readers.state(v), warning, critical);
      case "state.warning" -> words(criticalOnTimeout, ok, Readers.state(v), critical);
      case "state.critical" -> words(criticalOnTimeout, ok, warning, Readers.state(v));
      default -> throw new IllegalArgumentException("there is no option '" + key + "'");
    };
  }

  private CheckOptions withVariable(String name, String value) {
    if (!VARIABLE.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no name for a variable");
    }
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new CheckOptions(
        host,
        interval,
        timeout,
        attempts,
        criticalOnTimeout,
        unknownAfter,
        ok,
        warning,
        critical,
        more);
  }

  private CheckOptions copy(String h, Duration every, Duration limit, int equal, int unknowns) {
    return new CheckOptions(
        h, every, limit, equal, criticalOnTimeout, unknowns, ok, warning, critical, environment);
  }

  private CheckOptions words(boolean onTimeout, String good, String doubtful, String bad) {
    return new CheckOptions(
        host,
        interval,
        timeout,
        attempts,
        onTimeout,
        unknownAfter,
        good,
        doubtful,
        bad,
        environment);
  }
}

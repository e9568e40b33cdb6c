package io.hamlet.agent.basic.conf;

import java.util.List;

/**
 * A check as the files have it.
 *
 * @param name of its script
 * @param host whose status it decides
 */
public record Check(
    String name,
    List<String> arguments,
    Scope scope,
    String host,
    CheckOptions options,
    String file,
    int line) {
  public Check {
    arguments = List.copyOf(arguments);
  }

  /** Tells it from every other check. */
  public String key() {
    return name + "@" + scope.name();
  }
}

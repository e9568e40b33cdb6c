package io.hamlet.agent.config;

import java.util.List;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class ConfigException extends Exception {
  private final transient List<String> problems;

  ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** Each {@code file:line:col: text}, or {@code --option: text}. */
  public List<String> problems() {
    return problems;
  }
}

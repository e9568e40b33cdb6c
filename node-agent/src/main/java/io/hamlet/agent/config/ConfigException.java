package io.hamlet.agent.config;

import java.util.List;
import java.util.stream.Stream;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class ConfigException extends Exception {
  private final transient List<String> problems;
  private final boolean usage;

  /**
   * @param wrong what was said wrongly
   * @param unfit what was said well, but is not enough, or names a file that does not serve
   */
  ConfigException(List<String> wrong, List<String> unfit) {
    super(String.join("\n", all(wrong, unfit)));
    this.problems = all(wrong, unfit);
    this.usage = unfit.isEmpty() && wrong.stream().allMatch(p -> p.startsWith("--"));
  }

  /** True when nothing is wrong but how options were written. */
  public boolean isUsage() {
    return usage;
  }

  /** Each {@code file:line:col: text}, or {@code --option: text}. */
  public List<String> problems() {
    return problems;
  }

  private static List<String> all(List<String> wrong, List<String> unfit) {
    return Stream.concat(wrong.stream(), unfit.stream()).toList();
  }
}

package io.hamlet.agent.basic.conf;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code %NAME%} in the words of a command. */
public final class Variables {
  /** All there are. */
  public static final Set<String> NAMES =
      Set.of("MASTER", "SLAVE", "MASTERS", "SLAVES", "HOST", "FROM", "TO", "CHECK", "NODE");

  private static final Pattern VARIABLE = Pattern.compile("%([A-Za-z_]*)%");

  private Variables() {}

  /** A variable has no value at the moment. */
  public static final class Unresolved extends Exception {
    private static final long serialVersionUID = 1;

    Unresolved(String name) {
      super("%" + name + "% has no value");
    }
  }

  /** Throws IllegalArgumentException for a name that is none. */
  static void check(List<String> words) {
    for (String word : words) {
      Matcher match = VARIABLE.matcher(word);
      while (match.find()) {
        if (!match.group(1).isEmpty() && !NAMES.contains(match.group(1))) {
          throw new IllegalArgumentException("there is no variable " + match.group());
        }
      }
    }
  }

  /** Replaces in each word by itself, so that a value never becomes two arguments. */
  public static List<String> expand(List<String> words, Map<String, String> values)
      throws Unresolved {
    for (String word : words) {
      Matcher match = VARIABLE.matcher(word);
      while (match.find()) {
        if (!match.group(1).isEmpty() && values.getOrDefault(match.group(1), "").isEmpty()) {
          throw new Unresolved(match.group(1));
        }
      }
    }
    Function<java.util.regex.MatchResult, String> value =
        m -> m.group(1).isEmpty() ? "%" : values.get(m.group(1));
    return words.stream()
        .map(w -> VARIABLE.matcher(w).replaceAll(m -> Matcher.quoteReplacement(value.apply(m))))
        .toList();
  }
}

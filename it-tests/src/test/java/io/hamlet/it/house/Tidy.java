package io.hamlet.it.house;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The rules of tidiness that can be seen in the text of one file. */
final class Tidy {
  static final int LONG_FILE = 300;
  static final int LONGEST_FILE = 500;
  static final int LONGEST_LINE = 100;

  /**
   * One rule.
   *
   * @param applies to which paths, relative to the project, with slashes
   */
  record Rule(String name, Predicate<String> applies, Check check) {
    /** One sentence for each breach; empty for paths the rule is not about. */
    List<String> check(String path, String text) {
      return applies.test(path)
          ? check.breaches(path, text).stream().map(b -> path + ": " + b).toList()
          : List.of();
    }
  }

  /** Looks at one text. */
  interface Check {
    List<String> breaches(String path, String text);
  }

  /** A declaration of a type that others can see, at any depth. */
  private static final Pattern PUBLIC_TYPE =
      Pattern.compile("^ *public (?:[a-z-]+ )*(?:class|record|interface|enum|@interface) (\\w+)");

  private static final Pattern BAD_ENDING =
      Pattern.compile("\\b(?:class|record|interface|enum) (\\w+(?:Util|Utils|Helper|Impl))\\b");

  // In pieces, so that this file does not name them itself.
  private static final Pattern WORKPLACE =
      Pattern.compile(
          String.join(
              "|",
              "(?<![\\w.}<])/(?:wo" + "rk|ro" + "ot|fa" + "rm)(?:/|\\b)",
              "(?<![\\w.}])/ho" + "me/\\w",
              "(?i)\\b(?:cla" + "ude|anthro" + "pic|open" + "ai|chat" + "gpt|co" + "pilot)\\b"));

  private Tidy() {}

  static List<Rule> rules() {
    return List.of(
        new Rule("a file is at most 500 lines", Tidy::isCode, (p, text) -> tooLong(text)),
        new Rule("a line is at most 100 columns", Tidy::isNarrow, (p, text) -> tooWide(p, text)),
        new Rule("no blanks at line ends", path -> true, (p, text) -> lines(text, " +$|\\t+$")),
        new Rule("one newline at the end", path -> true, (p, text) -> badEnd(text)),
        new Rule("no tabs", path -> !path.endsWith("Makefile"), (p, text) -> lines(text, "\\t")),
        new Rule("names say what a thing is", Tidy::isJava, (p, text) -> lines(text, BAD_ENDING)),
        new Rule("public types are explained", Tidy::isMainJava, Tidy::unexplained),
        new Rule("packages are explained", Tidy::isPackageInfo, Tidy::unexplainedPackage),
        new Rule("nothing of the workplace", path -> true, (p, text) -> lines(text, WORKPLACE)),
        new Rule("no author tags", Tidy::isJava, (p, text) -> lines(text, "^ *\\* @author")),
        new Rule(
            "no leftovers",
            Tidy::isJava,
            (p, text) -> lines(text, "\\b(?:TO" + "DO|FIX" + "ME|XX" + "X)\\b")));
  }

  static boolean isJava(String path) {
    return path.endsWith(".java");
  }

  static boolean isMainJava(String path) {
    return isJava(path) && path.contains("/src/main/") && !isPackageInfo(path);
  }

  private static boolean isPackageInfo(String path) {
    return path.endsWith("/package-info.java");
  }

  private static boolean isCode(String path) {
    return isJava(path) || path.endsWith(".proto") || path.startsWith("deploy/");
  }

  private static boolean isNarrow(String path) {
    return isJava(path) || path.endsWith(".proto");
  }

  private static List<String> tooLong(String text) {
    long lines = text.lines().count();
    return lines > LONGEST_FILE ? List.of("has " + lines + " lines; cut it in two") : List.of();
  }

  /** Text blocks may be wider, and nothing else: a table is no easier to read when it is broken. */
  private static List<String> tooWide(String path, String text) {
    List<String> breaches = new ArrayList<>();
    List<String> lines = text.lines().toList();
    boolean inBlock = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!inBlock && line.codePointCount(0, line.length()) > LONGEST_LINE) {
        breaches.add("line " + (i + 1) + " has " + line.length() + " columns");
      }
      boolean turns = line.split("\"\"\"", -1).length % 2 == 0;
      inBlock ^= isJava(path) && turns;
    }
    return breaches;
  }

  private static List<String> badEnd(String text) {
    if (text.isEmpty()) {
      return List.of("is empty");
    }
    boolean good = text.endsWith("\n") && !text.endsWith("\n\n");
    return good ? List.of() : List.of("must end with exactly one newline");
  }

  /** A comment stands before each public type; annotations may stand between. */
  private static List<String> unexplained(String path, String text) {
    List<String> breaches = new ArrayList<>();
    String before = "";
    for (String line : text.lines().toList()) {
      var type = PUBLIC_TYPE.matcher(line);
      if (type.find() && !before.strip().endsWith("*/")) {
        breaches.add("public type " + type.group(1) + " has no doc comment");
      }
      if (!line.strip().startsWith("@")) {
        before = line;
      }
    }
    return breaches;
  }

  private static List<String> unexplainedPackage(String path, String text) {
    return text.startsWith("/**") ? List.of() : List.of("must say what the package is for");
  }

  private static List<String> lines(String text, String pattern) {
    return lines(text, Pattern.compile(pattern));
  }

  private static List<String> lines(String text, Pattern pattern) {
    List<String> breaches = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      var match = pattern.matcher(lines.get(i));
      if (match.find()) {
        breaches.add("line " + (i + 1) + ": " + lines.get(i).strip());
      }
    }
    return breaches;
  }
}

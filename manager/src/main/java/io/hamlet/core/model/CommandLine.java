package io.hamlet.core.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The command line of ham.md 2.6: words, blanks and quotes, and no shell. */
public final class CommandLine {
  /** Bound of one command line, all words and blanks together. */
  public static final int MAX_BYTES = 128 * 1024;

  private CommandLine() {}

  /**
   * Splits at blanks; single or double quotes group and are dropped. Anything else, {@code >} and
   * {@code &} too, is passed through. Throws {@link Refused} for an open quote.
   */
  public static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        inWord = true;
      } else if (c == ' ' || c == '\t') {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quote != 0) {
      throw Refused.invalid("the command line has an open " + quote + " quote");
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  /** The words as one line that {@link #split} reads back, for {@code .info} files. */
  public static String join(List<String> argv) {
    StringBuilder line = new StringBuilder();
    for (String word : argv) {
      if (!line.isEmpty()) {
        line.append(' ');
      }
      line.append(quoted(word));
    }
    return line.toString();
  }

  static void check(List<String> argv) {
    if (argv.isEmpty() || !argv.getFirst().startsWith("/")) {
      throw Refused.invalid("a command begins with the absolute path of a program");
    }
    long bytes = 0;
    for (String word : argv) {
      if (word.indexOf(0) >= 0) {
        throw Refused.invalid("the command line has a NUL character");
      }
      bytes += word.getBytes(StandardCharsets.UTF_8).length + 1L;
    }
    if (bytes > MAX_BYTES) {
      throw new Refused(
          Rejection.Reason.NAME_TOO_LONG, "the command line is longer than " + MAX_BYTES);
    }
  }

  private static String quoted(String word) {
    boolean plain = !word.isEmpty() && word.chars().noneMatch(c -> " \t'\"".indexOf(c) >= 0);
    if (plain) {
      return word;
    }
    // A word may hold both quotes: close and open again around each single quote.
    return word.indexOf('\'') < 0 ? "'" + word + "'" : "\"" + word.replace("\"", "\"'\"'\"") + "\"";
  }
}

package io.hamlet.agent.script;

import java.util.ArrayList;
import java.util.List;

/** Splits a line into words as a shell would; expands nothing. */
public final class Words {
  private Words() {}

  /**
   * Blanks part words. Single quotes keep everything, double quotes keep all but a backslash before
   * a double quote or a backslash, a backslash elsewhere keeps the next character. Throws
   * IllegalArgumentException for an open quote or a backslash at the end.
   */
  public static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && escapes(line, i, quote)) {
        i++;
        word.append(line.charAt(i));
        inWord = true;
      } else if (quote != 0) {
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
      throw new IllegalArgumentException("a " + quote + " is not closed");
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  private static boolean escapes(String line, int at, char quote) {
    if (quote == '\'') {
      return false;
    }
    if (at + 1 == line.length()) {
      throw new IllegalArgumentException("a backslash stands at the end");
    }
    char next = line.charAt(at + 1);
    return quote == 0 || next == '"' || next == '\\';
  }
}

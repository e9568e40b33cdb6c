package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.Transition;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * What a script printed, in its parts.
 *
 * @param text first line up to a bar: for people, on one line
 * @param more further lines up to a bar
 * @param performance all that stood behind bars
 * @param word the state it named, in lower case; empty: none
 */
public record CheckOutput(String text, String more, String performance, String word) {
  /** A host is that while its checks disagree; no check may say it. */
  public static final String CONFLICT = "conflict";

  private static final String STATE = "STATE=";
  private static final Pattern WORD = Pattern.compile("[a-z0-9-]{1,64}");

  /**
   * Never throws, whatever was printed.
   *
   * @param words those that count when they are the whole output
   */
  public static CheckOutput parse(String output, Set<String> words) {
    String[] lines = output.split("\r?\n");
    StringJoiner more = new StringJoiner("\n");
    StringJoiner performance = new StringJoiner(" ");
    String text = "";
    String word = "";
    boolean inPerformance = false;
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i];
      if (line.startsWith(STATE) && word.isEmpty()) {
        word = allowed(line.substring(STATE.length()));
      }
      int bar = line.indexOf('|');
      String head = inPerformance ? "" : clean(bar < 0 ? line : line.substring(0, bar));
      String tail = inPerformance ? line : bar < 0 ? "" : line.substring(bar + 1);
      if (i == 0) {
        text = head;
      } else {
        // From the first bar of the long text on, all that follows is performance data.
        inPerformance |= bar >= 0;
        if (!head.isEmpty()) {
          more.add(head);
        }
      }
      if (!tail.isBlank()) {
        performance.add(clean(tail));
      }
    }
    if (word.isEmpty()) {
      String whole = output.strip().toLowerCase(Locale.ROOT);
      word = words.contains(whole) ? allowed(whole) : "";
    }
    return new CheckOutput(text, more.toString(), performance.toString(), word);
  }

  /** Empty for what no check may say. */
  static String allowed(String said) {
    String word = said.strip().toLowerCase(Locale.ROOT);
    boolean reserved = word.equals(Transition.UNKNOWN) || word.equals(CONFLICT);
    return WORD.matcher(word).matches() && !reserved ? word : "";
  }

  private static String clean(String text) {
    return text.replaceAll("\\p{Cntrl}", " ").strip();
  }
}

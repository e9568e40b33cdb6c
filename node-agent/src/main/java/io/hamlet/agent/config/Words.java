package io.hamlet.agent.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Lists in one value: words parted by commas, blanks around them do not count. */
final class Words {
  private Words() {}

  /** Throws IllegalArgumentException for an empty word, one that is there twice, or too many. */
  static List<String> of(String text, String what, int most) {
    if (text.isEmpty()) {
      return List.of();
    }
    Set<String> words = new LinkedHashSet<>();
    for (String part : text.split(",", -1)) {
      String word = part.strip();
      if (word.isEmpty()) {
        throw new IllegalArgumentException("'" + text + "' has an empty word between its commas");
      }
      if (!words.add(word)) {
        throw new IllegalArgumentException("'" + word + "' is named twice");
      }
    }
    if (words.size() > most) {
      throw new IllegalArgumentException(
          words.size() + " words are too many for " + what + ": at most " + most);
    }
    return List.copyOf(words);
  }
}

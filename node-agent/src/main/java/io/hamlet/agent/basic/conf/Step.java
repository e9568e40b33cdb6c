package io.hamlet.agent.basic.conf;

import java.util.List;

/**
 * One command of a section.
 *
 * @param words the command and its arguments, variables not yet replaced
 * @param ignoreFailure it had a leading dash
 */
public record Step(List<String> words, boolean ignoreFailure) {
  public Step {
    words = List.copyOf(words);
  }
}

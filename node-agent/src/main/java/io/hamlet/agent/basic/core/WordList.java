package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.Step;
import io.hamlet.agent.basic.conf.Transition;
import java.util.ArrayList;
import java.util.List;

/** The states by the numbers that the manager calls them, from 1. For one thread. */
final class WordList {
  private final List<String> words;

  WordList(List<String> before) {
    words = new ArrayList<>(before);
  }

  int number(String word) {
    int at = words.indexOf(word);
    if (at < 0) {
      words.add(word);
      at = words.size() - 1;
    }
    return at + 1;
  }

  Deed.Section section(Transition change, List<Step> steps) {
    List<String> lines =
        steps.stream()
            .map(s -> (s.ignoreFailure() ? "-" : "") + String.join(" ", s.words()))
            .toList();
    return new Deed.Section(
        change.name(), change.host(), pattern(change.from()), pattern(change.to()), lines);
  }

  private int pattern(String state) {
    return state.equals(Transition.ANY) ? 0 : number(state);
  }

  List<String> all() {
    return List.copyOf(words);
  }
}

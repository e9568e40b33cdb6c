package io.hamlet.agent.basic.core;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** What the checks of a host say together. Pure. */
final class Believing {
  private Believing() {}

  /** One word: its state. Several: they disagree. None: nothing is known yet. */
  static Set<String> words(Collection<CheckState> checks, String host) {
    Set<String> strong = new LinkedHashSet<>();
    Set<String> weak = new LinkedHashSet<>();
    for (CheckState check : checks) {
      if (check.host().equals(host) && !check.word().isEmpty()) {
        (check.weak() ? weak : strong).add(check.word());
      }
    }
    return strong.isEmpty() ? weak : strong;
  }
}

package io.hamlet.agent.cli;

import java.util.List;

/**
 * What a command is called and takes; parser, help and completion are made from it.
 *
 * @param positionals as help shows them, in order; {@code [X]} may be left out, {@code X...}
 *     repeats
 * @param summary one line
 * @param tail what may follow {@code --}; empty: nothing
 * @param details further help, may be empty
 */
record Spec(
    String name,
    String positionals,
    String summary,
    List<Opt> options,
    String tail,
    String details) {
  static Spec of(String name, String positionals, String summary, Opt... options) {
    return new Spec(name, positionals, summary, List.of(options), "", "");
  }

  Spec tail(String words) {
    return new Spec(name, positionals, summary, options, words, details);
  }

  Spec details(String text) {
    return new Spec(name, positionals, summary, options, tail, text);
  }

  /** How many positionals there must be. */
  int least() {
    return (int) words().stream().filter(w -> !w.startsWith("[")).count();
  }

  /** How many there may be. */
  int most() {
    return positionals.contains("...") ? Integer.MAX_VALUE : words().size();
  }

  /** The first line of its help. */
  String usage() {
    StringBuilder line = new StringBuilder("ham ").append(name);
    if (!positionals.isEmpty()) {
      line.append(' ').append(positionals);
    }
    if (!options.isEmpty()) {
      line.append(" [OPTION...]");
    }
    if (!tail.isEmpty()) {
      line.append(" [-- ").append(tail).append(']');
    }
    return line.toString();
  }

  private List<String> words() {
    return positionals.isEmpty() ? List.of() : List.of(positionals.split(" "));
  }
}

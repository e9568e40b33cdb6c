package io.hamlet.agent.cli;

import java.util.List;
import java.util.Map;

/** Help, made from the same specs as the parser. */
final class HelpText {
  private static final String EXIT_CODES =
      """
      Exit codes:
        0 done   1 refused   2 the answer is no, or not all of it   64 wrong usage
        69 no manager reachable   73 state cannot be written   75 try again, nothing changed
        77 not permitted   78 configuration error\
      """;

  private HelpText() {}

  static String overview() {
    StringBuilder text = new StringBuilder("usage: ham [OPTION...] COMMAND [ARG...]\n");
    for (Map.Entry<String, List<Verb>> group : Commands.GROUPS.entrySet()) {
      text.append('\n').append(group.getKey()).append(":\n");
      for (Verb verb : group.getValue()) {
        text.append("  %-12s %s\n".formatted(verb.spec().name(), verb.spec().summary()));
      }
    }
    text.append("\nGlobal options:\n");
    appendOptions(text, Parser.GLOBAL);
    text.append(
        """

        A PATH is entity, entity/condition or entity/condition/action; .global is the entity that
        stands for all. In a cluster any manager answers for any node: NODE:PATH, or --node; the node
        * is the cluster's own tree, as in '*:.global'. More on a command: ham COMMAND --help

        """);
    return text.append(EXIT_CODES).toString();
  }

  static String of(Spec spec) {
    StringBuilder text = new StringBuilder("usage: ").append(spec.usage()).append("\n\n");
    text.append("  ").append(spec.summary()).append('\n');
    if (!spec.details().isEmpty()) {
      text.append('\n').append(spec.details().stripTrailing()).append('\n');
    }
    if (spec.options().stream().anyMatch(o -> !o.later())) {
      text.append("\nOptions:\n");
      appendOptions(text, spec.options());
    }
    text.append("\nGlobal options:\n");
    appendOptions(
        text,
        Parser.GLOBAL.stream()
            .filter(g -> spec.options().stream().noneMatch(o -> o.name().equals(g.name())))
            .toList());
    return text.append('\n').append(EXIT_CODES).toString();
  }

  private static void appendOptions(StringBuilder text, List<Opt> options) {
    for (Opt option : options) {
      if (!option.later()) {
        String shown = option.shown();
        String gap = shown.length() <= 26 ? " ".repeat(28 - shown.length()) : "\n" + " ".repeat(30);
        text.append("  ").append(shown).append(gap).append(option.help());
        text.append(option.many() ? " (may be repeated)\n" : "\n");
      }
    }
  }
}

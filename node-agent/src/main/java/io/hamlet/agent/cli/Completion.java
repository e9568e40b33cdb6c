package io.hamlet.agent.cli;

import java.util.ArrayList;
import java.util.List;

/** Completion scripts, made from the same specs as the parser. */
final class Completion {
  private Completion() {}

  static String bash() {
    StringBuilder script =
        new StringBuilder(
            """
            # ham completion for bash; source it.
            _ham() {
              local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} cmd= i words=
              for ((i = 1; i < COMP_CWORD; i++)); do
                case ${COMP_WORDS[i]} in
                  --) compopt -o default; COMPREPLY=(); return ;;
            """);
    script.append("      ").append(String.join("|", globalsWithValue())).append(") ((i++)) ;;\n");
    script.append(
        """
              -*) ;;
              *) [[ -n $cmd ]] || cmd=${COMP_WORDS[i]} ;;
            esac
          done
          case $cmd:$prev in
        """);
    for (Verb verb : Commands.all()) {
      appendChoices(script, verb.spec().name(), verb.spec().options());
    }
    appendChoices(script, "*", Parser.GLOBAL);
    script.append("  esac\n  if [[ -z $words ]]; then\n    case $cmd in\n");
    script.append("      '') words='").append(String.join(" ", names()));
    script.append(' ').append(String.join(" ", dashed(Parser.GLOBAL))).append("' ;;\n");
    for (Verb verb : Commands.all()) {
      List<String> words = new ArrayList<>(values(verb.spec()));
      words.addAll(dashed(verb.spec().options()));
      words.addAll(dashed(Parser.GLOBAL));
      script.append("      ").append(verb.spec().name()).append(") words='");
      script.append(String.join(" ", words.stream().distinct().toList())).append("' ;;\n");
    }
    script.append(
        """
            esac
          fi
          COMPREPLY=($(compgen -W "$words" -- "$cur"))
        }
        complete -o bashdefault -F _ham ham
        """);
    return script.toString();
  }

  static String zsh() {
    return "#compdef ham\n# ham completion for zsh; it uses the one for bash.\n"
        + "autoload -U +X bashcompinit && bashcompinit\n"
        + bash();
  }

  static String fish() {
    StringBuilder script = new StringBuilder("# ham completion for fish\ncomplete -c ham -f\n");
    for (Opt option : Parser.GLOBAL) {
      script.append("complete -c ham").append(fish(option)).append('\n');
    }
    for (Verb verb : Commands.all()) {
      Spec spec = verb.spec();
      script.append("complete -c ham -n __fish_use_subcommand -a ").append(spec.name());
      script.append(" -d ").append(quoted(spec.summary())).append('\n');
      String when = "complete -c ham -n '__fish_seen_subcommand_from " + spec.name() + "'";
      if (!values(spec).isEmpty()) {
        script.append(when).append(" -a '").append(String.join(" ", values(spec))).append("'\n");
      }
      for (Opt option : spec.options()) {
        if (!option.later()) {
          script.append(when).append(fish(option)).append('\n');
        }
      }
    }
    return script.toString();
  }

  /** Words that a positional may be, where there is a fixed set. */
  private static List<String> values(Spec spec) {
    return switch (spec.name()) {
      case "condition" -> ConditionVerb.words();
      case "action" -> List.copyOf(Deeds.kinds());
      case "heartbeat" -> List.of("suspend", "active", "query");
      case "completion" -> List.of("bash", "zsh", "fish");
      case "help" -> names();
      default -> List.of();
    };
  }

  private static void appendChoices(StringBuilder script, String command, List<Opt> options) {
    for (Opt option : options) {
      if (!option.choices().isEmpty() && !option.later()) {
        script.append("    ").append(command).append(":--").append(option.name());
        if (option.letter() != null) {
          script.append('|').append(command).append(":-").append(option.letter());
        }
        script.append(") words='").append(String.join(" ", option.choices())).append("' ;;\n");
      }
    }
  }

  private static List<String> names() {
    return Commands.all().stream().map(v -> v.spec().name()).toList();
  }

  private static List<String> dashed(List<Opt> options) {
    return options.stream().filter(o -> !o.later()).map(o -> "--" + o.name()).toList();
  }

  private static List<String> globalsWithValue() {
    List<String> words = new ArrayList<>();
    for (Opt option : Parser.GLOBAL) {
      if (option.value() != null) {
        words.add("--" + option.name());
        if (option.letter() != null) {
          words.add("-" + option.letter());
        }
      }
    }
    return words;
  }

  private static String fish(Opt option) {
    return (option.letter() == null ? "" : " -s " + option.letter())
        + " -l "
        + option.name()
        + (option.value() == null ? "" : " -r")
        + (option.choices().isEmpty() ? "" : " -a '" + String.join(" ", option.choices()) + "'")
        + " -d "
        + quoted(option.help());
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}

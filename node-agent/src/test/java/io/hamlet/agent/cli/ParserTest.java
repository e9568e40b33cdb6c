package io.hamlet.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParserTest {
  /** A command and one of the options that it takes, its own or a global one. */
  record Case(Spec spec, Opt option) {
    @Override
    public String toString() {
      return spec.name() + " --" + option.name();
    }
  }

  static Stream<Case> everyOption() {
    return Commands.all().stream()
        .map(Verb::spec)
        .flatMap(
            s ->
                Stream.concat(s.options().stream(), Parser.GLOBAL.stream())
                    .filter(o -> !o.name().equals("help") && !o.name().equals("version"))
                    .map(o -> new Case(s, o)));
  }

  @ParameterizedTest
  @MethodSource("everyOption")
  void everyOptionOfEveryCommandIsReadInEveryForm(Case one) {
    Opt option = one.option();
    for (List<String> form : forms(option)) {
      for (boolean behind : new boolean[] {true, false}) {
        List<String> words = new ArrayList<>(behind ? positionals(one.spec()) : form);
        words.addAll(behind ? form : positionals(one.spec()));
        if (option.later()) {
          assertThatThrownBy(() -> Parser.parse(one.spec(), words))
              .isInstanceOf(UsageException.class)
              .hasMessageContaining("--" + option.name() + " is not in this version yet");
        } else {
          Args args = Parser.parse(one.spec(), words);
          assertThat(args.text(option.name())).isEqualTo(value(option));
          assertThat(args.positionals()).isEqualTo(positionals(one.spec()));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyOption")
  void anOptionIsRefusedWithoutItsValueTwiceOrWithAnUnknownOne(Case one) {
    Opt option = one.option();
    List<String> words = new ArrayList<>(positionals(one.spec()));
    if (option.value() != null) {
      words.add("--" + option.name());
      assertUsage(one.spec(), words, "needs a value");
      words.add("--");
      assertUsage(one.spec(), words, "needs a value");
    }
    if (!option.many()) {
      List<String> twice = new ArrayList<>(positionals(one.spec()));
      twice.addAll(forms(option).getFirst());
      twice.addAll(forms(option).getFirst());
      assertUsage(one.spec(), twice, "is given twice");
    }
    if (!option.choices().isEmpty() && !option.later()) {
      List<String> other = new ArrayList<>(positionals(one.spec()));
      other.add("--" + option.name() + "=nonesuch");
      assertUsage(one.spec(), other, "'nonesuch' is none of");
    }
  }

  @Test
  void specsHoldTogether() {
    List<String> names = Commands.all().stream().map(v -> v.spec().name()).toList();
    assertThat(names).doesNotHaveDuplicates().doesNotContainAnyElementsOf(Commands.LATER);
    for (Verb verb : Commands.all()) {
      List<Opt> options = verb.spec().options();
      assertThat(options).extracting(Opt::name).doesNotHaveDuplicates();
      assertThat(options.stream().map(Opt::letter).filter(l -> l != null)).doesNotHaveDuplicates();
      assertThat(HelpText.of(verb.spec())).contains(verb.spec().usage());
      options.stream()
          .filter(o -> !o.later())
          .forEach(o -> assertThat(HelpText.of(verb.spec())).contains(o.shown(), o.help()));
      assertThat(HelpText.of(verb.spec()).lines()).allMatch(l -> l.length() <= 100);
    }
    assertThat(HelpText.overview().lines()).allMatch(l -> l.length() <= 100);
  }

  @ParameterizedTest
  @CsvSource({
    "status,0",
    "--node x status,2",
    "--node=x status,1",
    "-o json status,2",
    "--help,-1",
    "--help status,1",
    "--server a --timeout 2s ls,4",
    "-- status,-1",
    "--nonesuch status,1"
  })
  void theCommandIsTheFirstWordThatIsNoGlobalOption(String words, int at) {
    assertThat(Parser.findCommand(List.of(words.split(" ")))).isEqualTo(at);
  }

  @Test
  void nothingIsReadBehindTwoDashes() {
    Args args = parse("attach", "web", "--keep-on-death", "--", "p", "--pid", "3", "--", "-x");
    assertThat(args.positionals()).containsExactly("web");
    assertThat(args.has("pid")).isFalse();
    assertThat(args.tail()).containsExactly("p", "--pid", "3", "--", "-x");
  }

  @Test
  void numbersBelowZeroAndFlagsTakenAreNoOptions() {
    assertThat(parse("state", "e", "-5").positionals()).containsExactly("e", "-5");
    assertThat(parse("verbose", "-2").positionals()).containsExactly("-2");
    assertThat(parse("flags", "e", "-keep-on-death", "-o", "json").positionals())
        .containsExactly("e", "-keep-on-death");
    assertThat(parse("action", "a/b/c", "pulse", "--value", "-7").bigNumber("value", 0))
        .isEqualTo(-7);
  }

  @Test
  void theCommandsOwnOptionWins() {
    assertThat(RunVerb.options(List.of("--node", "a", "-vv", "-V", "3", "-v")))
        .containsEntry("node", "a")
        .containsEntry("verbosity", "6");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attach", "attach a b", "detach", "condition a/b", "state a", "raise a 1 2", "status x",
        "status -- x", "cat", "ls a b", "ls --nonesuch", "ls -x", "action a/b/c", "heartbeat",
        "detach a --pid 3"
      })
  void refusesWhatDoesNotFit(String line) {
    String[] words = line.split(" ");
    assertThatThrownBy(() -> parse(words[0], List.of(words).subList(1, words.length)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("(ham " + words[0] + " --help)");
  }

  @Test
  void theLauncherKnowsWhichOptionsTakeAValue() throws Exception {
    String script = Files.readString(Path.of("../deploy/bin/ham"));
    assertThat(listed(script, "GLOBAL_VALUES"))
        .containsExactlyInAnyOrderElementsOf(withValue(Parser.GLOBAL));
    List<String> both = new ArrayList<>(listed(script, "GLOBAL_VALUES"));
    both.addAll(listed(script, "RUN_VALUES"));
    assertThat(both).containsAll(withValue(RunVerb.SPEC.options()));
    assertThat(listed(script, "RUN_VALUES")).isSubsetOf(withValue(RunVerb.SPEC.options()));
  }

  private static List<String> listed(String script, String name) {
    String list = script.replaceAll("(?s).*readonly " + name + "='([^']*)'.*", "$1");
    return List.of(list.strip().split("\\s+"));
  }

  private static List<String> withValue(List<Opt> options) {
    List<String> words = new ArrayList<>();
    for (Opt option : options) {
      if (option.value() != null) {
        words.add("--" + option.name());
        if (option.letter() != null) {
          words.add("-" + option.letter());
        }
      }
    }
    return words;
  }

  private static void assertUsage(Spec spec, List<String> words, String message) {
    assertThatThrownBy(() -> Parser.parse(spec, words))
        .isInstanceOf(UsageException.class)
        .satisfies(
            e -> assertThat(e.getMessage()).containsAnyOf(message, "is not in this version yet"));
  }

  private static Args parse(String command, String... words) {
    return parse(command, List.of(words));
  }

  private static Args parse(String command, List<String> words) {
    return Parser.parse(Commands.named(command).spec(), words);
  }

  private static List<String> positionals(Spec spec) {
    return java.util.Collections.nCopies(spec.least(), "word");
  }

  private static String value(Opt option) {
    if (option.value() == null) {
      return "true";
    }
    return option.choices().isEmpty() ? "a=b c" : option.choices().getLast();
  }

  private static List<List<String>> forms(Opt option) {
    List<List<String>> forms = new ArrayList<>();
    String name = "--" + option.name();
    if (option.value() == null) {
      forms.add(List.of(name));
    } else {
      forms.add(List.of(name, value(option)));
      forms.add(List.of(name + "=" + value(option)));
    }
    if (option.letter() != null) {
      String letter = "-" + option.letter();
      forms.add(option.value() == null ? List.of(letter) : List.of(letter, value(option)));
    }
    return forms;
  }
}

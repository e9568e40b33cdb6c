package io.hamlet.agent.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/** Subcommands on top of an option parser (cli.md 1). */
final class Parser {
  /** May stand before or after the command. */
  static final List<Opt> GLOBAL =
      List.of(
          Opt.value("server", "ADDR", "unix:PATH or HOST:PORT, comma list (HAM_SERVER)"),
          Opt.value("node", "NAME", "whose tree; * is the cluster tree"),
          Opt.value("output", "text|json", "json: one document per line").as("o"),
          Opt.value("ack", "local|durable|replica|majority", "how far a change must have got"),
          Opt.flag("latest", "reads know of all that was answered before"),
          Opt.value("tls-cert", "FILE", "certificate for TCP, PEM (HAM_TLS_CERT)"),
          Opt.value("tls-key", "FILE", "its private key (HAM_TLS_KEY)"),
          Opt.value("tls-ca", "FILE", "who signs all certificates (HAM_TLS_CA)"),
          Opt.value("timeout", "D", "for each call, such as 2s (10s)"),
          Opt.flag("help", "say what the command does"),
          Opt.flag("version", "say the version"));

  /** Marks a word that begins with a dash and is no option; no argument can hold a NUL. */
  private static final char MARK = '\0';

  private static final Pattern NUMBER = Pattern.compile("-\\d.*");

  private Parser() {}

  /**
   * The command is the first word that is neither a global option nor its value.
   *
   * @return its index; -1 when there is none
   */
  static int findCommand(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("--")) {
        return -1;
      }
      if (!word.startsWith("-")) {
        return i;
      }
      if (GLOBAL.stream().anyMatch(o -> o.value() != null && isNamed(o, word))) {
        i++;
      }
    }
    return -1;
  }

  /** Reads all words but the command; its own options come before the global ones of that name. */
  static Args parse(Spec spec, List<String> words) {
    int end = words.indexOf("--");
    List<String> head = end < 0 ? words : words.subList(0, end);
    List<String> tail = end < 0 ? List.of() : List.copyOf(words.subList(end + 1, words.size()));
    List<Opt> known = new ArrayList<>(spec.options());
    GLOBAL.stream()
        .filter(g -> spec.options().stream().noneMatch(o -> o.name().equals(g.name())))
        .forEach(known::add);
    CommandLine line = parse(spec, known, head);
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (Option option : line.getOptions()) {
      String value = option.hasArg() ? unmarked(option.getValue()) : "true";
      found.computeIfAbsent(option.getLongOpt(), n -> new ArrayList<>()).add(value);
    }
    List<String> positionals = line.getArgList().stream().map(Parser::unmarked).toList();
    Args args = new Args(spec, found, positionals, tail);
    known.forEach(o -> check(o, args));
    if (!args.has("help") && !args.has("version")) {
      checkCount(args);
    }
    return args;
  }

  private static CommandLine parse(Spec spec, List<Opt> known, List<String> words) {
    Options options = new Options();
    known.forEach(o -> options.addOption(o.forParser()));
    String[] marked = words.stream().map(w -> marked(spec, w)).toArray(String[]::new);
    try {
      return DefaultParser.builder()
          .setAllowPartialMatching(false)
          .setStripLeadingAndTrailingQuotes(false)
          .get()
          .parse(options, marked);
    } catch (UnrecognizedOptionException e) {
      throw wrong(spec, "there is no option " + unmarked(e.getOption()));
    } catch (MissingArgumentException e) {
      throw wrong(spec, "--" + e.getOption().getLongOpt() + " needs a value");
    } catch (ParseException e) {
      throw wrong(spec, e.getMessage());
    }
  }

  private static void check(Opt option, Args args) {
    List<String> values = args.all(option.name());
    if (option.later() && !values.isEmpty()) {
      throw args.wrong("--" + option.name() + " is not in this version yet");
    }
    if (values.size() > 1 && !option.many()) {
      throw args.wrong("--" + option.name() + " is given twice");
    }
    for (String value : values) {
      if (!option.choices().isEmpty() && !option.choices().contains(value)) {
        throw args.wrong("--" + option.name() + ": '" + value + "' is none of " + option.value());
      }
    }
  }

  private static void checkCount(Args args) {
    Spec spec = args.spec();
    int count = args.positionals().size();
    if (count < spec.least()) {
      throw args.wrong("something is missing: " + spec.usage());
    }
    if (count > spec.most()) {
      throw args.wrong("'" + args.positional(spec.most()) + "' is too much: " + spec.usage());
    }
    if (!args.tail().isEmpty() && spec.tail().isEmpty()) {
      throw args.wrong("nothing may follow --: " + spec.usage());
    }
  }

  private static UsageException wrong(Spec spec, String problem) {
    return new UsageException(problem + " (ham " + spec.name() + " --help)");
  }

  private static boolean isNamed(Opt option, String word) {
    return word.equals("--" + option.name()) || word.equals("-" + option.letter());
  }

  /** Numbers below zero, and flags taken away, look like options and are none. */
  private static String marked(Spec spec, String word) {
    boolean isFlagTaken = spec == FlagsVerb.SPEC && FlagsVerb.TAKEN.matcher(word).matches();
    return isFlagTaken || NUMBER.matcher(word).matches() ? MARK + word : word;
  }

  private static String unmarked(String word) {
    return !word.isEmpty() && word.charAt(0) == MARK ? word.substring(1) : word;
  }
}

package io.hamlet.agent.basic.conf;

import io.hamlet.agent.script.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code actions.conf} and its drop-ins. For one use. */
final class ActionsFile {
  private static final String FAILED = "failed";

  private final List<Fault> faults;
  private final Set<String> hosts;
  private final Map<Transition, List<Step>> sections = new LinkedHashMap<>();
  private final Map<Transition, List<Step>> failures = new LinkedHashMap<>();
  private final List<Step> anyFailure = new ArrayList<>();
  private final List<ConfLine> commands = new ArrayList<>();
  private ActionOptions options = ActionOptions.DEFAULT;

  /** Hosts are those that a section may name. */
  ActionsFile(List<Fault> faults, Set<String> hosts) {
    this.faults = faults;
    this.hosts = hosts;
  }

  void read(ConfLine.Parsed parsed) {
    for (ConfLine.Section section : parsed.sections()) {
      try {
        known(section.name());
      } catch (IllegalArgumentException e) {
        faults.add(new Fault(section.file(), section.line(), e.getMessage()));
      }
    }
    for (ConfLine line : parsed.entries()) {
      if (line.section().equals("options")) {
        option(line);
      } else {
        commands.add(line);
      }
    }
  }

  private void known(String section) {
    if (section.equals("options") || section.equals(FAILED)) {
      return;
    }
    boolean isFailure = section.startsWith(FAILED + ":");
    Transition transition =
        Transition.of(isFailure ? section.substring(FAILED.length() + 1) : section);
    if (!transition.host().isEmpty() && !hosts.contains(transition.host())) {
      throw new IllegalArgumentException("the host of [" + section + "] is not in [hosts]");
    }
    (isFailure ? failures : sections).putIfAbsent(transition, new ArrayList<>());
  }

  private void option(ConfLine line) {
    String[] parts = line.text().split("=", 2);
    try {
      if (parts.length == 1) {
        throw new IllegalArgumentException("'" + line.text() + "' is not KEY = VALUE");
      }
      options = options.with(parts[0].strip(), parts[1].strip());
    } catch (IllegalArgumentException e) {
      faults.add(line.fault(e.getMessage()));
    }
  }

  /** After all files were read: where each command is, for those who look at the scripts. */
  Map<Step, ConfLine> commands() {
    // By identity, nearly: two equal lines are two commands, and one fault is enough for both.
    Map<Step, ConfLine> found = new LinkedHashMap<>();
    for (ConfLine line : commands) {
      List<Step> section = sectionOf(line.section());
      if (section == null) {
        continue;
      }
      try {
        Step step = step(line.text());
        section.add(step);
        found.putIfAbsent(step, line);
      } catch (IllegalArgumentException e) {
        faults.add(line.fault(e.getMessage()));
      }
    }
    return found;
  }

  private List<Step> sectionOf(String name) {
    if (name.equals(FAILED)) {
      return anyFailure;
    }
    try {
      return name.startsWith(FAILED + ":")
          ? failures.get(Transition.of(name.substring(FAILED.length() + 1)))
          : sections.get(Transition.of(name));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private Step step(String text) {
    boolean ignoreFailure = text.startsWith("-");
    List<String> words = Words.split(ignoreFailure ? text.substring(1) : text);
    if (words.isEmpty() || words.getFirst().isEmpty()) {
      throw new IllegalArgumentException("there is no command");
    }
    String command = words.getFirst();
    if (command.startsWith("/")) {
      if (!options.allowAbsolute()) {
        throw new IllegalArgumentException(
            "'" + command + "' is an absolute path; say allow_absolute = yes in [options]");
      }
    } else {
      Readers.name(command);
    }
    Variables.check(words);
    return new Step(words, ignoreFailure);
  }

  Map<Transition, List<Step>> sections() {
    return sections;
  }

  Map<Transition, List<Step>> failures() {
    return failures;
  }

  List<Step> anyFailure() {
    return anyFailure;
  }

  ActionOptions options() {
    return options;
  }
}

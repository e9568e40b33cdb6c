package io.hamlet.agent.basic.conf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Both files together. Immutable.
 *
 * @param hosts in the order of the files, with their address or an empty text
 * @param checks by key, in the order of the files
 * @param defaults what a check has that no scope lists
 * @param sections by change, in the order of the files
 * @param failures the sections for sequences that failed
 * @param anyFailure the section for all others that failed
 * @param warnings what may be meant and probably is not
 */
public record BasicConfig(
    Map<String, String> hosts,
    Map<String, Check> checks,
    CheckOptions defaults,
    Map<Transition, List<Step>> sections,
    Map<Transition, List<Step>> failures,
    List<Step> anyFailure,
    ActionOptions options,
    List<Fault> warnings) {
  public BasicConfig {
    hosts = Collections.unmodifiableMap(new LinkedHashMap<>(hosts));
    checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
    sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
    failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
    anyFailure = List.copyOf(anyFailure);
    warnings = List.copyOf(warnings);
  }

  /** One file, by the name that faults give it. */
  public record Source(String file, String text) {}

  /** Tells what is wrong with a command's script, or an empty text; may look at the disk. */
  public interface Scripts {
    String problemWith(String command);
  }

  /**
   * Reads both files with their drop-ins, in the order given.
   *
   * @param nodes known without being listed
   * @param actions empty: nothing is done, only monitored
   * @param faults gets everything that is wrong; the result counts only if it stays empty
   */
  public static BasicConfig read(
      Nodes nodes,
      List<Source> checks,
      List<Source> actions,
      Scripts checkScripts,
      Scripts actionScripts,
      List<Fault> faults) {
    List<Fault> warnings = new ArrayList<>();
    ChecksFile checksFile = new ChecksFile(nodes, faults, warnings);
    checks.forEach(s -> checksFile.read(ConfLine.parse(s.file(), s.text(), faults)));
    Map<String, Check> all = checksFile.checks();
    for (Check check : all.values()) {
      String problem =
          nodes.runs(check.scope())
              ? checkScripts.problemWith(check.name())
              : nodes.problemWith(check.scope());
      if (!problem.isEmpty()) {
        warnings.add(new Fault(check.file(), check.line(), problem));
      }
    }
    Set<String> hosts = new LinkedHashSet<>(checksFile.hosts().keySet());
    hosts.addAll(nodes.all());
    ActionsFile actionsFile = new ActionsFile(faults, hosts);
    actions.forEach(s -> actionsFile.read(ConfLine.parse(s.file(), s.text(), faults)));
    actionsFile
        .commands()
        .forEach(
            (step, line) -> {
              String problem = actionScripts.problemWith(step.words().getFirst());
              if (!problem.isEmpty()) {
                faults.add(line.fault(problem));
              }
            });
    return new BasicConfig(
        checksFile.hosts(),
        all,
        checksFile.defaults(),
        actionsFile.sections(),
        actionsFile.failures(),
        actionsFile.anyFailure(),
        actionsFile.options(),
        warnings);
  }

  /** The same with these warnings instead. */
  public BasicConfig with(List<Fault> others) {
    return new BasicConfig(
        hosts, checks, defaults, sections, failures, anyFailure, options, others);
  }

  /** The section for a change, the most exact there is. */
  public Optional<Transition> sectionFor(String host, String from, String to) {
    return serving(sections, host, from, to);
  }

  /** What is to be done when a sequence for that change failed; empty: nothing. */
  public List<Step> failureOf(String host, String from, String to) {
    return serving(failures, host, from, to).map(failures::get).orElse(anyFailure);
  }

  private static Optional<Transition> serving(
      Map<Transition, List<Step>> among, String host, String from, String to) {
    return Transition.serving(host, from, to).stream()
        .filter(t -> among.containsKey(t) && t.covers(host, from, to))
        .findFirst();
  }

  /** The states that section names speak of: a check may say one of these as its only word. */
  public Set<String> words() {
    Set<String> words = new LinkedHashSet<>();
    for (Map<Transition, List<Step>> named : List.of(sections, failures)) {
      for (Transition t : named.keySet()) {
        words.add(t.from());
        words.add(t.to());
      }
    }
    words.remove(Transition.ANY);
    words.remove(Transition.UNKNOWN);
    return words;
  }
}

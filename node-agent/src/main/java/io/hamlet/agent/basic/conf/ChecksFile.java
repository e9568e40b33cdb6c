package io.hamlet.agent.basic.conf;

import io.hamlet.agent.script.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Reads {@code checks.conf} and its drop-ins. For one use. */
final class ChecksFile {
  private static final String OPTIONS_OF = "options:";

  private final Nodes nodes;
  private final List<Fault> faults;
  private final List<Fault> warnings;
  private final List<ConfLine> listed = new ArrayList<>();
  private final List<ConfLine> general = new ArrayList<>();
  private final Map<String, List<ConfLine>> special = new LinkedHashMap<>();
  private final Map<String, Scope> scopes = new HashMap<>();
  private final Map<String, String> hosts = new LinkedHashMap<>();
  private final Map<String, Check> checks = new LinkedHashMap<>();
  private CheckOptions defaults = CheckOptions.DEFAULT;

  ChecksFile(Nodes nodes, List<Fault> faults, List<Fault> warnings) {
    this.nodes = nodes;
    this.faults = faults;
    this.warnings = warnings;
  }

  void read(ConfLine.Parsed parsed) {
    for (ConfLine.Section section : parsed.sections()) {
      if (Scope.isScope(section.name())) {
        try {
          scopes.putIfAbsent(section.name(), Scope.of(section.name()));
        } catch (IllegalArgumentException e) {
          faults.add(new Fault(section.file(), section.line(), e.getMessage()));
        }
      } else if (!isKnown(section.name())) {
        String problem = "there is no section [" + section.name() + "] in this file";
        faults.add(new Fault(section.file(), section.line(), problem));
      }
    }
    parsed.entries().forEach(this::sort);
  }

  private static boolean isKnown(String section) {
    return section.equals("hosts")
        || section.equals("options")
        || (section.startsWith(OPTIONS_OF)
            && Readers.NAME.matcher(section.substring(OPTIONS_OF.length())).matches());
  }

  private void sort(ConfLine line) {
    String section = line.section();
    if (scopes.containsKey(section)) {
      listed.add(line);
    } else if (section.equals("options")) {
      general.add(line);
    } else if (section.equals("hosts")) {
      host(line);
    } else if (section.startsWith(OPTIONS_OF)) {
      String check = section.substring(OPTIONS_OF.length());
      special.computeIfAbsent(check, c -> new ArrayList<>()).add(line);
    }
  }

  private void host(ConfLine line) {
    String[] parts = line.text().split("=", 2);
    String address = parts.length == 1 ? "" : parts[1].strip();
    attempt(line, () -> hosts.put(Readers.name(parts[0].strip()), address(address)));
  }

  private static String address(String text) {
    if (!text.matches("[A-Za-z0-9.:%_-]{0,255}") || text.startsWith("-")) {
      throw new IllegalArgumentException("'" + text + "' is no address");
    }
    return text;
  }

  /** What all files together give; hosts by name, with their address or an empty text. */
  Map<String, String> hosts() {
    return hosts;
  }

  CheckOptions defaults() {
    return defaults;
  }

  /** After all files were read. */
  Map<String, Check> checks() {
    for (Scope scope : scopes.values()) {
      if (scope instanceof Scope.Ssh ssh) {
        hosts.putIfAbsent(ssh.host(), "");
      } else if (scope instanceof Scope.Node other) {
        hosts.putIfAbsent(other.node(), "");
      }
    }
    for (ConfLine line : general) {
      option(line, (key, value) -> defaults = defaults.with(key, value));
    }
    for (ConfLine line : listed) {
      attempt(line, () -> check(line));
    }
    special.forEach(
        (name, lines) -> {
          if (checks.values().stream().noneMatch(c -> c.name().equals(name))) {
            warnings.add(lines.getFirst().fault("no scope has a check '" + name + "'"));
            lines.forEach(l -> option(l, CheckOptions.DEFAULT::with));
          }
        });
    // Known without being listed; kept only if checks turn out to be about them.
    if (checks.values().stream().anyMatch(c -> c.host().equals(nodes.own()))) {
      nodes.all().forEach(n -> hosts.putIfAbsent(n, ""));
    }
    for (Check check : checks.values()) {
      hosts.putIfAbsent(check.host(), "");
    }
    return checks;
  }

  private boolean isHost(String name) {
    return hosts.containsKey(name) || nodes.all().contains(name);
  }

  private void check(ConfLine line) {
    List<String> words = Words.split(line.text());
    String name = Readers.name(words.getFirst());
    Scope scope = scopes.get(line.section());
    CheckOptions[] options = {defaults};
    for (ConfLine own : special.getOrDefault(name, List.of())) {
      option(own, (key, value) -> options[0] = options[0].with(key, value));
    }
    String host = hostOf(name, scope, options[0]);
    List<String> arguments = words.subList(1, words.size());
    Check check = new Check(name, arguments, scope, host, options[0], line.file(), line.line());
    Check before = checks.putIfAbsent(check.key(), check);
    if (before != null) {
      throw new IllegalArgumentException(
          "'" + name + "' is in this scope already, at " + before.file() + ":" + before.line());
    }
  }

  private String hostOf(String check, Scope scope, CheckOptions options) {
    if (!options.host().isEmpty()) {
      if (!isHost(options.host())) {
        throw new IllegalArgumentException(
            "the host '" + options.host() + "' of '" + check + "' is not in [hosts]");
      }
      return options.host();
    }
    String tail = check.substring(check.lastIndexOf('_') + 1);
    if (check.contains("_") && isHost(tail)) {
      return tail;
    }
    return switch (scope) {
      case Scope.Local local -> nodes.own();
      case Scope.Ssh ssh -> ssh.host();
      case Scope.Node other -> other.node();
    };
  }

  private void option(ConfLine line, BiConsumer<String, String> set) {
    int at = line.text().indexOf('=');
    if (at < 0) {
      faults.add(line.fault("'" + line.text() + "' is not KEY = VALUE"));
      return;
    }
    String key = line.text().substring(0, at).strip();
    attempt(line, () -> set.accept(key, line.text().substring(at + 1).strip()));
  }

  private void attempt(ConfLine line, Runnable reading) {
    try {
      reading.run();
    } catch (IllegalArgumentException e) {
      Fault fault = line.fault(e.getMessage());
      // Options of a check are read again for each scope that has it.
      if (!faults.contains(fault)) {
        faults.add(fault);
      }
    }
  }
}

package io.hamlet.agent.basic.core;

import io.hamlet.agent.basic.conf.Step;
import io.hamlet.agent.basic.conf.Variables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of the variables at the moment of a change (sam.md 5.3). Immutable. */
final class Values {
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> ambiguous = new ArrayList<>();

  /** Hosts are all there are, in the order of the files, as they are after the change. */
  Values(
      Collection<HostState> hosts, String host, String from, String to, String check, String node) {
    role("MASTER", hosts);
    role("SLAVE", hosts);
    values.put("HOST", host);
    values.put("FROM", from);
    values.put("TO", to);
    values.put("CHECK", check);
    values.put("NODE", node);
  }

  private void role(String name, Collection<HostState> hosts) {
    List<String> holders =
        hosts.stream().filter(h -> h.shown().equalsIgnoreCase(name)).map(HostState::host).toList();
    values.put(name, holders.isEmpty() ? "" : holders.getFirst());
    values.put(name + "S", String.join(" ", holders));
    if (holders.size() > 1) {
      ambiguous.add(name);
    }
  }

  List<Sequence.Command> expand(List<Step> steps) throws Variables.Unresolved {
    List<Sequence.Command> commands = new ArrayList<>();
    for (Step step : steps) {
      commands.add(
          new Sequence.Command(Variables.expand(step.words(), values), step.ignoreFailure()));
    }
    return commands;
  }

  /** The variables used by these steps that could mean more than one host. */
  List<String> ambiguous(List<Step> steps) {
    return ambiguous.stream()
        .filter(
            name ->
                steps.stream()
                    .flatMap(s -> s.words().stream())
                    .anyMatch(w -> w.contains("%" + name + "%")))
        .map(name -> "%" + name + "% could be any of " + values.get(name + "S"))
        .toList();
  }

  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    values.forEach((name, value) -> environment.put("HAM_" + name, value));
    return environment;
  }
}

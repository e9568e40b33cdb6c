package io.hamlet.agent.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All commands, in the order that help shows them. */
final class Commands {
  static final Map<String, List<Verb>> GROUPS = new LinkedHashMap<>();

  /** Named by cli.md, offered by later versions. */
  static final List<String> LATER = List.of("apply", "diff", "validate");

  static {
    GROUPS.put(
        "A node",
        List.of(
            new RunVerb(),
            new StopVerb(),
            new StatusVerb(),
            new VerboseVerb(),
            new HeartbeatVerb(),
            new ForgetVerb(),
            new VoterVerb(),
            new DemoVerb(),
            new BasicVerb()));
    GROUPS.put(
        "The tree",
        List.of(
            new AttachVerb(),
            new DetachVerb(),
            new EntityVerb(),
            new ConditionVerb(),
            new ActionVerb(),
            new RemoveVerb(),
            EnableVerb.enable(),
            EnableVerb.disable(),
            new FlagsVerb(),
            new ResumeVerb(),
            new StateVerb(),
            new RaiseVerb()));
    GROUPS.put(
        "Looking",
        List.of(
            new ListVerb(),
            new TreeVerb(),
            new CatVerb(),
            new WatchVerb(),
            new WhyVerb(),
            new LogsVerb()));
    GROUPS.put("Supervision", List.of(new SuperviseVerb(), new SamVerb()));
    GROUPS.put(
        "The cluster",
        List.of(
            new MoveVerb(),
            StandbyVerb.standby(),
            StandbyVerb.active(),
            StandbyVerb.drain(),
            new MaintenanceVerb(),
            new SimulateVerb(),
            new FenceVerb()));
    GROUPS.put("Itself", List.of(new HelpVerb(), new CompletionVerb()));
  }

  private Commands() {}

  static List<Verb> all() {
    return GROUPS.values().stream().flatMap(List::stream).toList();
  }

  /** Throws {@link UsageException} when there is none of that name. */
  static Verb named(String name) {
    for (Verb verb : all()) {
      if (verb.spec().name().equals(name)) {
        return verb;
      }
    }
    throw new UsageException(
        LATER.contains(name)
            ? "'" + name + "' is not in this version yet (ham help)"
            : "there is no command '" + name + "' (ham help)");
  }
}

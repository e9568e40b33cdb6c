package io.hamlet.it.sim;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What clients ask for: entities with a multistage recovery each. */
final class Workload {
  private static final int KEEP_ON_FAIL = Flags.OfAction.KEEP_ON_FAIL;

  private static final int SIGUSR1 = 10;

  /** Tries again and again, soon. */
  private static final RestartPolicy STUBBORN =
      new RestartPolicy(0, Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(400));

  private Workload() {}

  static String program(Name entity) {
    return "/srv/" + entity;
  }

  /** Attaches an entity and gives it its recovery. */
  static List<Command> entity(Name name) {
    List<Command> list = new ArrayList<>();
    list.add(
        new Command.Attach(
            name, null, ProcessSpec.of(List.of(program(name))), Flags.OfEntity.NONE));
    list.add(condition(name, "died", ConditionType.DEATH, 0));
    list.add(action(name, "died", "clean", new Deed.Execute(List.of("/bin/clean"), "")));
    list.add(action(name, "died", "again", new Deed.Restart(List.of(), STUBBORN)));
    list.add(
        action(name, "died", "ready", new Deed.WaitFor("/run/" + name, Duration.ofMillis(900))));
    list.add(action(name, "died", "mount", new Deed.Execute(List.of("/bin/mount"), "")));
    list.add(action(name, "died", "nudge", new Deed.Signal("", null, SIGUSR1, 0, 0)));
    list.add(action(name, "died", "told", new Deed.Log(name + " is back", true, 0)));
    list.add(condition(name, "back", ConditionType.RESTART, Flags.OfCondition.INDEPENDENT));
    list.add(action(name, "back", "wait", new Deed.WaitFor("", Duration.ofMillis(70))));
    list.add(action(name, "back", "page", new Deed.Execute(List.of("/bin/page"), "")));
    return list;
  }

  static Command raise(Name name) {
    return new Command.PublishRaise(new Target(ObjectPath.of(name), 0), 1, 1, 1);
  }

  private static Command condition(Name entity, String name, ConditionType type, int flags) {
    return new Command.AddCondition(
        new Target(ObjectPath.of(entity), 0),
        new Name(name),
        type,
        Filter.NONE,
        new Flags.OfCondition(flags),
        Flags.Rearm.ON);
  }

  private static Command action(Name entity, String condition, String name, Deed deed) {
    return new Command.AddAction(
        new Target(ObjectPath.of(entity, new Name(condition)), 0),
        new Name(name),
        deed,
        new Flags.OfAction(KEEP_ON_FAIL),
        Flags.Rearm.ON);
  }
}

package io.hamlet.it.sim;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.OwnerPolicy;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.model.Target;
import io.hamlet.core.recovery.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the clients of a {@link ClusterWorld} ask for. */
final class ClusterWork {
  /** Its process dies now and then, and is restarted. */
  static final Name FLAKY = new Name("flaky");

  /** Nobody touches its process, whatever becomes of the cluster. */
  static final Name SPARED = new Name("spared");

  /** Has no process; its raises ask another node for something. */
  static final Name WEB = new Name("web");

  /** Belongs to the cluster: one node has it at a time. */
  static final Name OWNED = new Name("owned");

  /** The same; it wants to be on the second node, or the third. */
  static final Name CHOOSY = new Name("choosy");

  /** The same; it runs on without a quorum. */
  static final Name KEPT = new Name("kept");

  private static final Name FAR = new Name("far");
  private static final RestartPolicy STUBBORN =
      new RestartPolicy(0, Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(400));

  private ClusterWork() {}

  static String program(Name entity) {
    return "/srv/" + entity;
  }

  /** The program that a node has executed on another. */
  static String far(String asking) {
    return "/bin/far-" + asking;
  }

  /** The program that a node's loss has executed on another, by its entity. */
  static String gone(String lost) {
    return "/bin/gone-" + lost;
  }

  /** The tree of a node that asks another. */
  static List<Command> of(String node, String other) {
    List<Command> list = new ArrayList<>();
    for (Name entity : List.of(FLAKY, SPARED)) {
      list.add(
          new Command.Attach(
              entity, null, ProcessSpec.of(List.of(program(entity))), Flags.OfEntity.NONE));
      list.add(condition(entity, "died", ConditionType.DEATH, Filter.NONE));
      list.add(action(entity, "died", "again", new Deed.Restart(List.of(), STUBBORN)));
    }
    list.add(new Command.CreateEntity(WEB, Flags.OfEntity.NONE));
    list.add(condition(WEB, "far", ConditionType.RAISE, new Filter.Raise(1, 0, 0)));
    list.add(action(WEB, "far", "far", new Deed.Execute(List.of(far(node)), other)));
    list.add(
        new Command.AddFailItem(
            new Target(ObjectPath.of(WEB, FAR).with(FAR), 0),
            new Name("else"),
            new Deed.Execute(List.of("/bin/else"), "")));
    list.add(condition(WEB, "gone", ConditionType.NODE_LOST, new Filter.Proven(Proof.NONE)));
    list.add(action(WEB, "gone", "tell", new Deed.Execute(List.of(gone(node)), other)));
    return list;
  }

  /** What belongs to the cluster. */
  static List<Name> owned(Shape shape) {
    return shape == Shape.PLAIN ? List.of(OWNED) : List.of(OWNED, CHOOSY, KEPT);
  }

  /** The tree of the cluster, asked for by one. */
  static List<Command> ofCluster(Shape shape, List<String> nodes) {
    Name global = Name.GLOBAL;
    List<Command> list = new ArrayList<>();
    for (Name name : owned(shape)) {
      list.add(
          new Command.Attach(
              name,
              null,
              ProcessSpec.of(List.of(program(name))),
              Flags.OfEntity.NONE,
              policy(name, nodes)));
      list.add(condition(name, "died", ConditionType.DEATH, Filter.NONE));
      list.add(action(name, "died", "again", new Deed.Restart(List.of(), STUBBORN)));
    }
    list.add(condition(global, "lost", ConditionType.NODE_LOST, new Filter.Proven(Proof.NONE)));
    list.add(action(global, "lost", "tell", new Deed.Execute(List.of("/bin/lost"), "")));
    return list;
  }

  private static OwnerPolicy policy(Name name, List<String> nodes) {
    if (name.equals(CHOOSY)) {
      return new OwnerPolicy(nodes.subList(1, 3), OwnerPolicy.QuorumLoss.STOP, true);
    }
    return name.equals(KEPT)
        ? new OwnerPolicy(List.of(), OwnerPolicy.QuorumLoss.KEEP, false)
        : OwnerPolicy.DEFAULT;
  }

  /** Another condition of the cluster. */
  static Command ofCluster(String name) {
    return condition(Name.GLOBAL, name, ConditionType.NODE_JOINED, Filter.NONE);
  }

  static Command raise() {
    return new Command.PublishRaise(new Target(ObjectPath.of(WEB), 0), 1, 1, 1);
  }

  private static Command condition(Name entity, String name, ConditionType type, Filter filter) {
    return new Command.AddCondition(
        new Target(ObjectPath.of(entity), 0),
        new Name(name),
        type,
        filter,
        new Flags.OfCondition(Flags.OfCondition.INDEPENDENT),
        Flags.Rearm.ON);
  }

  private static Command action(Name entity, String condition, String name, Deed deed) {
    return new Command.AddAction(
        new Target(ObjectPath.of(entity, new Name(condition)), 0),
        new Name(name),
        deed,
        new Flags.OfAction(Flags.OfAction.KEEP_ON_FAIL),
        Flags.Rearm.ON);
  }
}

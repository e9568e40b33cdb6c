package io.hamlet.core.recovery;

import static io.hamlet.core.recovery.Words.NO_REARM;
import static io.hamlet.core.recovery.Words.REARM;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Target;
import java.util.List;

/** The words in which rules are told: attach, when, then, dies, raises; and what came of it. */
final class Bed extends Drive {
  Bed() {
    this(Limits.DEFAULT);
  }

  Bed(Limits limits) {
    super(limits);
  }

  // --- building a tree ------------------------------------------------------------------------

  static Command attachment(String name, int flags) {
    return new Command.Attach(
        new Name(name), null, Words.program("/bin/" + name), new Flags.OfEntity(flags));
  }

  /** Starts {@code /bin/NAME} as that entity. */
  long attach(String name) {
    return attach(name, 0);
  }

  long attach(String name, int flags) {
    return must(attachment(name, flags));
  }

  ProcessId adopt(String name) {
    ProcessId process = newProcess();
    must(new Command.Attach(new Name(name), process, null, Flags.OfEntity.NONE));
    return process;
  }

  /** A new process attaches itself. */
  ProcessId attachSelf(String name, Heartbeat heartbeat) {
    ProcessId process = newProcess();
    must(new Command.AttachSelf(new Name(name), process, heartbeat, Flags.OfEntity.NONE));
    return process;
  }

  ProcessId attachSelf(String name) {
    return attachSelf(name, null);
  }

  long placeholder(String name) {
    return must(new Command.CreateEntity(new Name(name), Flags.OfEntity.NONE));
  }

  static Command condition(String path, ConditionType type, Filter filter, int flags) {
    ObjectPath p = ObjectPath.parse(path);
    return new Command.AddCondition(
        new Target(ObjectPath.of(p.entity()), 0),
        p.condition(),
        type,
        filter,
        new Flags.OfCondition(flags & ~NO_REARM & ~REARM),
        rearm(flags));
  }

  long when(String path, ConditionType type, int flags) {
    return must(condition(path, type, Filter.NONE, flags));
  }

  long when(String path, ConditionType type) {
    return when(path, type, 0);
  }

  long whenState(String path, int from, int to, int flags) {
    return must(condition(path, ConditionType.STATE, new Filter.Transition(from, to), flags));
  }

  long whenRaised(String path, int type, int clazz, int severity) {
    return must(condition(path, ConditionType.RAISE, new Filter.Raise(type, clazz, severity), 0));
  }

  /** A raise condition that matches all, for rules about lists of actions. */
  long whenRaised(String path, int flags) {
    return must(condition(path, ConditionType.RAISE, new Filter.Raise(0, 0, 0), flags));
  }

  static Command action(String path, Deed deed, int flags) {
    ObjectPath p = ObjectPath.parse(path);
    return new Command.AddAction(
        new Target(ObjectPath.of(p.entity(), p.condition()), 0),
        p.action(),
        deed,
        new Flags.OfAction(flags & ~NO_REARM & ~REARM),
        rearm(flags));
  }

  long then(String path, Deed deed, int flags) {
    return must(action(path, deed, flags));
  }

  long then(String path, Deed deed) {
    return then(path, deed, 0);
  }

  /** Adds a log action that writes the last part of its path. */
  void note(String path) {
    note(path, 0);
  }

  void note(String path, int flags) {
    then(path, Words.log(ObjectPath.parse(path).action().value()), flags);
  }

  static Command alternate(String path, String item, Deed deed) {
    return new Command.AddFailItem(Target.of(path), new Name(item), deed);
  }

  void orElse(String path, String item, Deed deed) {
    must(alternate(path, item, deed));
  }

  void remove(String path) {
    must(new Command.Remove(Target.of(path)));
  }

  void detach(String name) {
    boolean self = entity(name).shape() == Entity.Shape.ATTACHEDSELF;
    must(new Command.Detach(Target.of(name), self));
  }

  static Command control(String path, Command.ControlVerb verb, int flags) {
    return new Command.Control(Target.of(path), verb, flags, false);
  }

  static Command stop(boolean entities) {
    return new Command.Stop(entities, Command.Stop.KILL_AFTER);
  }

  void disable(String path) {
    must(control(path, Command.ControlVerb.DISABLE, 0));
  }

  void enable(String path) {
    must(control(path, Command.ControlVerb.ENABLE, 0));
  }

  long flags(String path) {
    return must(control(path, Command.ControlVerb.GET_FLAGS, 0));
  }

  void raise(String entity) {
    raise(entity, 1, 1, 1);
  }

  void raise(String entity, int type, int clazz, int severity) {
    must(new Command.PublishRaise(Target.of(entity), type, clazz, severity));
  }

  void report(String entity, int userState) {
    must(new Command.PublishState(Target.of(entity), userState));
  }

  void crashes(String entity) {
    dies(entity, Exit.signaled(11, true));
  }

  // --- looking --------------------------------------------------------------------------------

  Condition condition(String path) {
    ObjectPath p = ObjectPath.parse(path);
    Entity e = state.entity(p.entity());
    return e == null ? null : e.condition(p.condition());
  }

  Action action(String path) {
    ObjectPath p = ObjectPath.parse(path);
    Condition c = condition(p.entity() + "/" + p.condition());
    return c == null
        ? null
        : c.actions().stream().filter(a -> a.name().equals(p.action())).findFirst().orElse(null);
  }

  long pid(String entity) {
    return entity(entity).pid();
  }

  ProcessId process(String entity) {
    return ((Life.Up) entity(entity).life()).process();
  }

  /** All effects of that kind so far, or since {@link #forgetEffects}. */
  <T extends Effect> List<T> effects(Class<T> kind) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  void forgetEffects() {
    effects.clear();
  }

  /** What log actions wrote. */
  List<String> lines() {
    return effects(Effect.WriteLog.class).stream().map(Effect.WriteLog::message).toList();
  }

  List<Happening> happenings() {
    return effects(Effect.Announce.class).stream().map(Effect.Announce::happening).toList();
  }

  /** Happenings as {@code event path}. */
  List<String> events() {
    return happenings().stream().map(h -> (h.event() + " " + h.path()).strip()).toList();
  }

  /** Programs that were told to run, in order. */
  List<String> ran() {
    return effects(Effect.Go.class).stream().map(g -> g.spec().argv().getFirst()).toList();
  }

  private static Flags.Rearm rearm(int flags) {
    if ((flags & NO_REARM) != 0) {
      return Flags.Rearm.OFF;
    }
    return (flags & REARM) != 0 ? Flags.Rearm.ON : Flags.Rearm.DEFAULT;
  }
}

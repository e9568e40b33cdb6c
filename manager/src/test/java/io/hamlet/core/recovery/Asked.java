package io.hamlet.core.recovery;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.model.Target;
import java.time.Duration;
import java.util.List;

/** Commands made of the numbers of a move, over few names so that they meet. */
final class Asked {
  private static final Flags.Rearm[] REARM = Flags.Rearm.values();

  private Asked() {}

  static Name name(int a) {
    return a % 9 == 8 ? Name.GLOBAL : new Name("e" + a % 4);
  }

  static Entity entity(HamState state, int a) {
    Entity granted = name(a).isGlobal() ? null : state.entity(Grant.local(name(a)));
    Entity e = granted != null && a / 9 % 2 == 0 ? granted : state.entity(name(a));
    return e == null || e.isGlobal() ? null : e;
  }

  static Command command(HamState state, Move m, ProcessId fresh) {
    Name name = name(m.a());
    Target entity = new Target(ObjectPath.of(name), m.c() % 13 == 12 ? m.c() : 0);
    Target condition = new Target(ObjectPath.of(name, new Name("c" + m.b() % 3)), 0);
    Target action = new Target(condition.path().with(new Name("a" + m.c() % 3)), 0);
    return switch (m.kind()) {
      case ATTACH -> new Command.Attach(name, null, Words.program("/bin/x"), entityFlags(m.b()));
      case ADOPT -> new Command.Attach(name, fresh, null, entityFlags(m.b()));
      case ATTACH_SELF -> attachSelf(state, m, fresh);
      case PLACEHOLDER -> new Command.CreateEntity(name, entityFlags(m.b()));
      case DETACH -> new Command.Detach(entity, self(state, m));
      case ADD_CONDITION -> addCondition(entity, m);
      case ADD_ACTION ->
          new Command.AddAction(
              condition,
              new Name("a" + m.c() % 3),
              deed(m.a() + m.c()),
              new Flags.OfAction(m.b() % 16 & ~(m.c() % 3 == 0 ? 0 : 2)),
              REARM[m.c() % 3]);
      case ADD_RESTART ->
          new Command.AddAction(
              condition,
              new Name("a" + m.c() % 3),
              new Deed.Restart(m.c() % 2 == 0 ? List.of() : List.of("/bin/r"), policy(m.b())),
              new Flags.OfAction(m.c() % 2 * 8),
              REARM[1 + m.c() % 2]);
      case ADD_ALTERNATE ->
          new Command.AddFailItem(action, new Name("i" + m.a() % 3), deed(m.a() + m.b()));
      case REMOVE -> new Command.Remove(m.a() % 3 == 0 ? entity : m.b() < 9 ? action : condition);
      case REMOVE_ALTERNATE -> new Command.RemoveFailItem(action, new Name("i" + m.a() % 3));
      case CONTROL -> {
        Target target = m.b() % 3 == 0 ? entity : m.b() % 3 == 1 ? condition : action;
        Command.ControlVerb verb = Command.ControlVerb.values()[m.c() % 6];
        yield new Command.Control(target, verb, m.b(), m.a() % 2 == 0);
      }
      case REPORT -> new Command.PublishState(entity, m.b());
      case RAISE -> new Command.PublishRaise(entity, m.a(), m.b(), m.c());
      case RESUME -> new Command.Resume(entity);
      case MANAGER ->
          m.a() % 2 == 0
              ? new Command.Verbose(Command.VerboseVerb.values()[m.b() % 4], m.c())
              : new Command.HeartbeatControl(Command.HeartbeatVerb.values()[m.b() % 3]);
      case STOP -> Bed.stop(m.a() % 2 == 0);
      default -> throw new IllegalArgumentException("not asked: " + m);
    };
  }

  private static Command attachSelf(HamState state, Move m, ProcessId fresh) {
    Entity e = entity(state, m.a());
    boolean itself = m.c() % 2 == 0 && e != null;
    ProcessId caller =
        itself && e.life() instanceof Life.Up up
            ? up.process()
            : itself && e.life() instanceof Life.Starting s && s.gate() != null ? s.gate() : fresh;
    Heartbeat beats = m.b() % 2 == 0 ? Words.beats(m.b() % 3, 3) : null;
    return new Command.AttachSelf(name(m.a()), caller, beats, entityFlags(m.b()));
  }

  private static boolean self(HamState state, Move m) {
    Entity e = entity(state, m.a());
    boolean is = e != null && e.shape() == Entity.Shape.ATTACHEDSELF;
    return m.b() % 5 == 0 ? !is : is;
  }

  private static Command addCondition(Target entity, Move m) {
    // Every other condition is one of death, without which nothing is recovered.
    ConditionType type = ConditionType.values()[m.c() < 14 ? 1 : m.c() % 10];
    int inLane = m.a() / 9 % 3 * 2;
    int bits = type == ConditionType.STATE ? inLane | m.b() % 16 << 12 : inLane | m.b() % 2 * 16;
    Filter filter =
        switch (type) {
          case STATE -> new Filter.Transition(m.a() % 3 / 2, m.b() % 4 / 3);
          case RAISE -> new Filter.Raise(m.a() % 3 / 2, 0, m.b() % 3 / 2);
          case ANY, DEATH, ABNORMAL_DEATH, ATTACH, DETACH, RESTART -> Filter.NONE;
          case BEAT_MISSED_LOW, BEAT_MISSED_HIGH, NODE_JOINED -> Filter.NONE;
          case NODE_LOST -> new Filter.Proven(Proof.values()[m.a() % 4]);
        };
    Name name = new Name("c" + m.b() % 3);
    return new Command.AddCondition(
        entity, name, type, filter, new Flags.OfCondition(bits), REARM[m.a() % 3]);
  }

  private static Deed deed(int n) {
    return switch (n % 11) {
      case 0 -> Words.execute("/bin/y");
      case 1 -> Words.waitFor(1 + n);
      case 2 -> Words.waitFor("/run/p", 1 + n);
      case 3 -> Words.pulse(n % 3, 1, n);
      case 4 -> Words.signal(new ProcessId(n, 1), 10);
      case 5 -> Words.signalSelf(9);
      case 6, 9 -> Words.healthy();
      case 7 -> elsewhere(n);
      case 8 -> new Deed.Restart(List.of("/bin/z"), policy(n));
      default -> Words.log("line", n % 3);
    };
  }

  private static Deed elsewhere(int n) {
    return switch (n % 3) {
      case 0 -> new Deed.Execute(List.of("/bin/y"), "elsewhere");
      case 1 -> new Deed.Pulse("elsewhere", n, 1, n, n);
      default -> new Deed.Signal("elsewhere", n % 2 == 0 ? null : new ProcessId(n, 1), 9, 0, 0);
    };
  }

  /** What another tree asks for. */
  static Errand errand(Move m) {
    String node = m.a() % 7 == 6 ? "elsewhere" : "n1";
    return switch (m.b() % 3) {
      case 0 -> new Errand(new Deed.Pulse(node, m.a() % 3, 1, m.c(), 0), List.of(), 1 + m.c() % 3);
      case 1 -> new Errand(new Deed.Signal(node, new ProcessId(m.c(), 1), 10, 0, 0), List.of());
      default ->
          new Errand(
              new Deed.Execute(List.of("/bin/y"), node),
              List.of(new ProcessSpec.Variable("HAM_NODE", "n2")));
    };
  }

  private static RestartPolicy policy(int n) {
    return switch (n % 4) {
      case 0 -> RestartPolicy.NONE;
      case 1 -> Words.budget(1 + n % 3);
      case 2 -> Words.backOff(n % 7, 10 + n);
      default ->
          new RestartPolicy(2, Duration.ofSeconds(9), Duration.ofMillis(3), Duration.ofMillis(30));
    };
  }

  private static Flags.OfEntity entityFlags(int n) {
    return new Flags.OfEntity(n % 2 * Words.KEEP_ON_DEATH);
  }
}

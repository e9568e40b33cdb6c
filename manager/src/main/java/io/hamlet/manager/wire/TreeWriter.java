package io.hamlet.manager.wire;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.CommandLine;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.HamState;
import io.hamlet.v1.Handle;
import io.hamlet.v1.TreeObject;
import java.util.ArrayList;
import java.util.List;

/** A state as the objects that a client reads. Immutable and thread-safe. */
public final class TreeWriter {
  private final InfoText info;

  public TreeWriter(InfoText info) {
    this.info = info;
  }

  /**
   * The objects at and below a path, parents first: the global entity, then the others by name;
   * what is below them in order of creation.
   *
   * @param path empty: the root
   * @param depth levels below it; -1: all
   * @param most Refused with LIMIT if there are more objects
   */
  public List<TreeObject> read(HamState state, String path, int depth, int most) {
    int levels = depth < 0 ? Integer.MAX_VALUE : depth;
    List<TreeObject> into = new Bounded(most);
    if (path.isEmpty()) {
      into.add(root(state));
      if (levels > 0) {
        addEntity(into, state, state.global(), levels - 1);
        state.entities().values().forEach(e -> addEntity(into, state, e, levels - 1));
      }
      return into;
    }
    Found found = Found.at(state, ObjectPath.parse(path));
    switch (found.level()) {
      case 1 -> addEntity(into, state, found.entity(), levels);
      case 2 -> addCondition(into, state, found.entity(), found.condition(), levels);
      default -> into.add(action(state, found.entity(), found.condition(), found.action()));
    }
    return into;
  }

  /** A handle to the object at a path; Refused with NOT_FOUND when there is none. */
  public static Handle handle(HamState state, ObjectPath path) {
    Found found = Found.at(state, path);
    long uid =
        switch (found.level()) {
          case 1 -> found.entity().uid();
          case 2 -> found.condition().uid();
          default -> found.action().uid();
        };
    return Handle.newBuilder()
        .setNode(state.node())
        .setPath(path.toString())
        .setUid(uid)
        .setPid(found.entity().pid())
        .build();
  }

  private TreeObject root(HamState state) {
    return TreeObject.newBuilder()
        .setKind(TreeObject.Kind.ROOT)
        .setType("ROOT")
        .setPid(state.pair().hamPid())
        .setEnabled(true)
        .setInfo(info.top(state))
        .build();
  }

  private void addEntity(List<TreeObject> into, HamState state, Entity entity, int levels) {
    into.add(entity(entity));
    if (levels > 0) {
      entity.conditions().forEach(c -> addCondition(into, state, entity, c, levels - 1));
    }
  }

  private void addCondition(
      List<TreeObject> into, HamState state, Entity entity, Condition condition, int levels) {
    into.add(condition(entity, condition));
    if (levels > 0) {
      condition.actions().forEach(a -> into.add(action(state, entity, condition, a)));
    }
  }

  private TreeObject entity(Entity entity) {
    Entity.Stats stats = entity.stats();
    return TreeObject.newBuilder()
        .setKind(TreeObject.Kind.ENTITY)
        .setPath(entity.name().value())
        .setUid(entity.uid())
        .setType(entity.shape().name())
        .setPid(entity.pid())
        .setEnabled(entity.enabled())
        .setFlags(entity.flags().bits())
        .setInfo(info.entity(entity))
        .setRestarts(stats.restarts())
        .setDeaths(stats.deaths())
        .setBeatsMissed(stats.beatsMissed())
        .setCreated(nanos(stats.created()))
        .setLastDeath(nanos(stats.lastDeath()))
        .setRestarted(nanos(stats.restarted()))
        .setToken(token(entity))
        .setState(state(entity.life()))
        .setUserState(entity.userState())
        .setLastExit(entity.exit() == null ? "" : entity.exit().reason())
        .setHealth(entity.heartbeat() == null ? "" : entity.heartbeat().health().shown())
        .build();
  }

  /** Without a grant of the cluster the owner's start counter is the whole of it. */
  private static long token(Entity entity) {
    long starts = entity.stats().starts();
    return entity.grant() == null || starts == 0 ? starts : entity.grant().token(starts);
  }

  private TreeObject condition(Entity entity, Condition condition) {
    TreeObject.Builder object =
        TreeObject.newBuilder()
            .setKind(TreeObject.Kind.CONDITION)
            .setPath(entity.name() + "/" + condition.name())
            .setUid(condition.uid())
            .setType(condition.type().qnxName())
            .setPid(entity.pid())
            .setEnabled(condition.enabled())
            .setFlags(condition.flags().bits())
            .setInfo(info.condition(entity, condition));
    switch (condition.filter()) {
      case Filter.None n -> {}
      case Filter.Transition t -> {
        field(object, "from", t.from());
        field(object, "to", t.to());
      }
      case Filter.Raise r -> {
        field(object, "type", r.type());
        field(object, "class", r.clazz());
        field(object, "severity", r.severity());
      }
      case Filter.Proven p -> object.putFields("proof", p.least().word());
    }
    return object.build();
  }

  private TreeObject action(HamState state, Entity entity, Condition condition, Action action) {
    TreeObject.Builder object =
        TreeObject.newBuilder()
            .setKind(TreeObject.Kind.ACTION)
            .setPath(entity.name() + "/" + condition.name() + "/" + action.name())
            .setUid(action.uid())
            .setPid(entity.pid())
            .setEnabled(action.enabled())
            .setFlags(action.flags().bits())
            .setInfo(info.action(state.node(), entity, condition, action));
    action.onFail().forEach(item -> object.addOnFail(item.name().value()));
    DeedFields.write(action.deed(), object);
    return object.build();
  }

  /** Whether the process runs, in a word. */
  private static String state(Life life) {
    return switch (life) {
      case Life.None n -> "down";
      case Life.Starting s -> "starting";
      case Life.Up u -> "up";
      case Life.GaveUp g -> "given-up";
      case Life.DiedUnseen d -> "down";
      case Life.Stopped s -> "down";
    };
  }

  private static void field(TreeObject.Builder object, String name, long value) {
    object.putFields(name, Long.toString(value));
  }

  private static long nanos(Moment moment) {
    return moment == null ? 0 : moment.wallNanos();
  }

  /** Refuses to grow beyond its bound. */
  private static final class Bounded extends ArrayList<TreeObject> {
    private final int most;

    Bounded(int most) {
      this.most = most;
    }

    @Override
    public boolean add(TreeObject object) {
      if (size() == most) {
        throw new Refused(
            Rejection.Reason.LIMIT,
            "more than " + most + " objects; read fewer levels, or below one path");
      }
      return super.add(object);
    }
  }

  /** The object at a path with its parents. */
  private record Found(Entity entity, Condition condition, Action action) {
    int level() {
      return action != null ? 3 : condition != null ? 2 : 1;
    }

    static Found at(HamState state, ObjectPath path) {
      Entity entity = state.entity(path.entity());
      Condition condition =
          entity == null || path.condition() == null ? null : entity.condition(path.condition());
      Action action = condition == null || path.action() == null ? null : action(condition, path);
      if (entity == null
          || (path.condition() != null && condition == null)
          || (path.action() != null && action == null)) {
        throw new Refused(
            Rejection.Reason.NOT_FOUND,
            "there is no '" + path + "' on node " + state.node() + "; see what is: ham tree");
      }
      return new Found(entity, condition, action);
    }

    private static Action action(Condition condition, ObjectPath path) {
      for (Action action : condition.actions()) {
        if (action.name().equals(path.action())) {
          return action;
        }
      }
      return null;
    }
  }

  /** The type and the own fields of an action. */
  private static final class DeedFields {
    private DeedFields() {}

    static void write(Deed deed, TreeObject.Builder object) {
      switch (deed) {
        case Deed.Restart r -> {
          object.setType("restart");
          object.putFields("command", CommandLine.join(r.argv()));
          if (r.policy().isLimited()) {
            field(object, "budget", r.policy().most());
            field(object, "budget_period_ms", r.policy().period().toMillis());
          }
          if (!r.policy().longest().isZero()) {
            field(object, "backoff_least_ms", r.policy().least().toMillis());
            field(object, "backoff_longest_ms", r.policy().longest().toMillis());
          }
        }
        case Deed.Execute e -> {
          object.setType("execute").putFields("command", CommandLine.join(e.argv()));
          object.putFields("node", e.node());
        }
        case Deed.WaitFor w -> {
          object.setType("waitfor").putFields("path", w.path());
          field(object, "delay_ms", w.delay().toMillis());
        }
        case Deed.Pulse p -> {
          object.setType("pulse").putFields("node", p.node());
          field(object, "pid", p.pid());
          field(object, "channel", p.channel());
          field(object, "code", p.code());
          field(object, "value", p.value());
        }
        case Deed.Signal s -> {
          object.setType("signal").putFields("node", s.node());
          field(object, "pid", s.process() == null ? 0 : s.process().pid());
          field(object, "signal", s.signal());
          field(object, "code", s.code());
          field(object, "value", s.value());
        }
        case Deed.HeartbeatHealthy h -> object.setType("healthy");
        case Deed.Log l -> {
          object.setType("log").putFields("message", l.message());
          object.putFields("prefix", Boolean.toString(l.prefix()));
          field(object, "verbosity", l.verbosity());
        }
      }
    }
  }
}

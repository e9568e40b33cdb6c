package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.Recovery;
import io.hamlet.core.sam.SamBook;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamCalls;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.core.sam.SamState;
import io.hamlet.core.sam.SamStep;
import java.util.ArrayList;
import java.util.List;

/** Where the calls of supervised programs are served; each of them is an entity too. */
final class SamDesk {
  static final Name RULE = new Name("sam");

  private SamDesk() {}

  /** The reply, or null when an effect or the quorum will bring it. */
  static Reply call(Turn turn, RequestId id, Command.Sam c) {
    if (turn.isOfCluster()) {
      return keep(turn, c);
    }
    SamProcess p = turn.sam().find(c.program());
    checkToken(p, c);
    return switch (c.call()) {
      case SamCall.Initialize call -> initialize(turn, p, c.program(), call);
      case SamCall.Launch call -> launch(turn, id, p, c.program(), call);
      case SamCall.Register call -> register(turn, id, p);
      case SamCall.StoreData call -> {
        SamStep step = SamCalls.serve(p, call, Sams.now(turn, id));
        checkRoom(turn, c.program(), call.data());
        SamActs.take(turn, p, step);
        yield Reply.OK;
      }
      case SamCall.Finalize call -> finalized(turn, id, p);
      case SamCall.Clear call -> {
        SamCalls.check(p, call);
        turn.sam(turn.sam().without(c.program()));
        yield Reply.OK;
      }
      case SamCall.Start call -> {
        SamStep step = SamCalls.serve(p, call, Sams.now(turn, id));
        SamActs.take(turn, p, step);
        yield step.process().state() == SamState.WAITING_QUORUM ? null : Reply.OK;
      }
      case SamCall.CancelStart call -> simple(turn, id, p, call);
      case SamCall.Stop call -> simple(turn, id, p, call);
      case SamCall.HealthCheck call -> simple(turn, id, p, call);
      case SamCall.WarnSignal call -> simple(turn, id, p, call);
      case SamCall.MarkFailed call -> simple(turn, id, p, call);
      case SamCall.Unhealthy call -> simple(turn, id, p, call);
    };
  }

  /**
   * What a program of the cluster stores, the cluster keeps: it finds it wherever it runs next.
   * That it was stored by whoever holds the grant is known by now.
   */
  private static Reply keep(Turn turn, Command.Sam c) {
    if (!(c.call() instanceof SamCall.StoreData store)) {
      throw Refused.invalid("supervised programs belong to a node; name it: '--node NODE'");
    }
    SamBook.checkKept(store.data());
    checkRoom(turn, c.program(), store.data());
    turn.sam(turn.sam().keeping(c.program(), store.data()));
    return Reply.OK;
  }

  private static Reply simple(Turn turn, RequestId id, SamProcess p, SamCall call) {
    SamActs.take(turn, p, SamCalls.serve(p, call, Sams.now(turn, id)));
    return Reply.OK;
  }

  /** A call of an instance that is no more must not pass for one of its successor. */
  private static void checkToken(SamProcess p, Command.Sam c) {
    if (!c.token().isEmpty() && (p == null || !c.token().equals(p.token()))) {
      throw new Refused(
          Rejection.Reason.NOT_PERMITTED,
          "token: this is not the present instance of '" + c.program() + "'");
    }
  }

  private static Reply initialize(Turn turn, SamProcess p, Name name, SamCall.Initialize call) {
    SamCalls.check(p, call);
    if (p != null && !p.state().isOver()) {
      SamStep step = SamCalls.serve(p, call, Sams.now(turn, null));
      SamActs.take(turn, p, step);
      return new Reply.Handle(p.uid(), p.process().pid());
    }
    SamProcess other = turn.sam().of(call.process());
    if (other != null) {
      throw new Refused(
          Rejection.Reason.BAD_HANDLE,
          "process " + call.process().pid() + " is '" + other.name() + "' already");
    }
    Entity e = entity(turn, name, call.process());
    if (e != null && e.grant() != null && call.again() != null) {
      throw Refused.invalid(
          "restart_command: the cluster starts '" + name + "' as it was attached; give none");
    }
    boolean startable = call.again() != null || (e != null && e.spec() != null);
    if (call.contract().recovery() == Recovery.RESTART && !startable) {
      throw Refused.invalid(
          "restart_command: the policy RESTART needs a command to start '" + name + "' with");
    }
    if (turn.sam().processes().size() >= turn.limits().entities()) {
      throw new Refused(Rejection.Reason.LIMIT, "there are too many supervised programs already");
    }
    SamProcess fresh =
        SamProcess.initialized(
            name, turn.newUid(), call.contract(), call.process(), call.again(), call.secret());
    turn.sam(turn.sam().with(fresh));
    turn.emit(new Effect.Watch(name, fresh.uid(), fresh.instance(), call.process(), ""));
    return new Reply.Handle(fresh.uid(), call.process().pid());
  }

  /** The entity of that name if this very process is it, null if there is none with a process. */
  private static Entity entity(Turn turn, Name name, ProcessId process) {
    if (name.isGlobal()) {
      throw Refused.invalid("the global entity is no program");
    }
    Entity e = turn.entity(name);
    boolean same =
        e == null
            || switch (e.life()) {
              case Life.Up up -> up.process().equals(process);
              case Life.Starting s -> process.equals(s.gate());
              case Life.DiedUnseen d -> false;
              case Life.None n -> true;
              case Life.GaveUp g -> true;
              case Life.Stopped s -> true;
            };
    if (!same) {
      throw new Refused(
          Rejection.Reason.EXISTS,
          "an entity '" + name + "' exists, and is another process; choose another name");
    }
    return e;
  }

  private static Reply register(Turn turn, RequestId id, SamProcess p) {
    SamStep step = SamCalls.serve(p, new SamCall.Register(), Sams.now(turn, id));
    if (p.state() == SamState.INITIALIZED) {
      Attachments.supervise(turn, p.name(), p.process(), p.again());
      turn.emit(new Effect.Unwatch(p.uid(), p.instance()));
    }
    rule(turn, p);
    SamActs.take(turn, p, step);
    return new Reply.Number(p.instance());
  }

  private static Reply launch(
      Turn turn, RequestId id, SamProcess p, Name name, SamCall.Launch call) {
    SamCalls.check(p, call);
    checkRoom(turn, name, call.data());
    SamProcess fresh =
        SamProcess.launching(
            name, turn.newUid(), call.id(), call.contract(), call.data(), call.secret());
    turn.sam(turn.sam().with(fresh));
    Attachments.attach(turn, id, new Command.Attach(name, null, call.spec(), Flags.OfEntity.NONE));
    rule(turn, fresh);
    return null;
  }

  private static Reply finalized(Turn turn, RequestId id, SamProcess p) {
    SamStep step = SamCalls.serve(p, new SamCall.Finalize(), Sams.now(turn, id));
    SamActs.take(turn, p, step);
    if (p.isAttached()) {
      Entity e = turn.entity(p.name());
      String home = SamActs.home(turn, p.name());
      if (e.grant() != null) {
        // It runs on as the cluster's, and as one that was never supervised.
        unrule(turn, p.name());
      } else {
        turn.announce(ObjectPath.of(p.name()), ConditionType.DETACH.word(), "finalize", "");
        Lives.detached(turn, e);
      }
      turn.emit(new Effect.Watch(p.name(), p.uid(), p.instance(), p.process(), home));
    }
    return Reply.OK;
  }

  /** The standing rule: what is to follow a death (sam.md 4.6). */
  private static void rule(Turn turn, SamProcess p) {
    Entity e = turn.entity(p.name());
    List<Condition> conditions = new ArrayList<>(e.conditions());
    conditions.removeIf(c -> c.name().equals(RULE));
    boolean restarts = p.contract().recovery() == Recovery.RESTART;
    if (restarts && hasRestart(conditions)) {
      turn.put(e.withConditions(conditions));
      return;
    }
    if (conditions.size() >= turn.limits().conditionsPerEntity()) {
      throw new Refused(Rejection.Reason.LIMIT, "'" + p.name() + "' has too many conditions");
    }
    long uid = turn.newUid();
    Deed deed =
        restarts
            ? new Deed.Restart(List.of(), p.contract().restarts())
            : new Deed.Log("has failed and is not started again", true, 0);
    Action action =
        new Action(
            new Name(restarts ? "restart" : "log"),
            turn.newUid(),
            deed,
            new Flags.OfAction(Flags.OfAction.REARM | Flags.OfAction.KEEP_ON_FAIL),
            true,
            List.of());
    int flags = Flags.OfCondition.REARM | Flags.OfCondition.KEEP_ON_EMPTY;
    conditions.add(
        new Condition(
            RULE,
            uid,
            ConditionType.DEATH,
            Filter.NONE,
            new Flags.OfCondition(flags | Flags.OfCondition.INDEPENDENT),
            true,
            List.of(action)));
    turn.put(e.withConditions(conditions));
  }

  /**
   * The standing rule stays under an entity that gets other conditions, unless they restart it
   * themselves or are as many as there may be.
   */
  static void keepRule(Turn turn, Entity before, List<Condition> conditions) {
    boolean room = conditions.size() < turn.limits().conditionsPerEntity();
    boolean taken = conditions.stream().anyMatch(c -> c.name().equals(RULE));
    for (Condition c : before.conditions()) {
      boolean twice = hasRestart(List.of(c)) && hasRestart(conditions);
      if (c.name().equals(RULE) && room && !taken && !twice) {
        conditions.add(c);
      }
    }
  }

  /** The standing rule goes. */
  static void unrule(Turn turn, Name name) {
    turn.change(
        name,
        e ->
            e.withConditions(e.conditions().stream().filter(c -> !c.name().equals(RULE)).toList()));
  }

  private static boolean hasRestart(List<Condition> conditions) {
    return conditions.stream()
        .flatMap(c -> c.actions().stream())
        .anyMatch(a -> a.deed() instanceof Deed.Restart);
  }

  private static void checkRoom(Turn turn, Name name, Blob data) {
    if (turn.sam().bytesBeside(name) + data.size() > SamBook.MOST_BYTES) {
      throw new Refused(
          Rejection.Reason.LIMIT,
          "data: all programs together may keep " + SamBook.MOST_BYTES + " bytes; delete some");
    }
  }
}

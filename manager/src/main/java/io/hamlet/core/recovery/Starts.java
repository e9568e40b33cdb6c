package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Grant;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.Tally;
import java.util.ArrayList;
import java.util.List;

/** Starts of processes in their two phases: a gate, then the program (architecture.md 2). */
final class Starts {
  private Starts() {}

  /** Begins to start an entity. */
  static EffectId begin(
      Turn turn, Name name, ProcessSpec spec, Effect.Remains remains, OpenEffect.Purpose purpose) {
    Entity e = turn.entity(name);
    long number = e.stats().starts() + 1;
    List<ProcessSpec.Variable> environment = new ArrayList<>(spec.environment());
    environment.add(new ProcessSpec.Variable("HAM_NODE", turn.node()));
    Name known = e.grant() == null ? name : Grant.plain(name);
    environment.add(new ProcessSpec.Variable("HAM_ENTITY", known.value()));
    long token = e.grant() == null ? number : e.grant().token(number);
    environment.add(new ProcessSpec.Variable("HAM_TOKEN", Long.toString(token)));
    environment.addAll(Sams.environment(turn, name));
    EffectId id = turn.newEffect();
    turn.put(
        e.withLife(new Life.Starting(id, null, number)).withStats(e.stats().withStarts(number)));
    OpenEffect.Work.Start work =
        new OpenEffect.Work.Start(
            spec, environment, name.value(), Effect.House.of(e.grant()), remains, e.uid());
    turn.open(id, purpose, work);
    turn.emit(prepare(id, purpose, work));
    return id;
  }

  /** An attach has somebody who waits for the answer, and nothing is lost by a plain no. */
  static Effect prepare(EffectId id, OpenEffect.Purpose purpose, OpenEffect.Work.Start work) {
    boolean patient = !(purpose instanceof OpenEffect.Purpose.ForAttach);
    return new Effect.Prepare(id, work.spec(), work.remains(), work.house(), patient);
  }

  /** Begins to start a command that will not be watched. */
  static EffectId beginCommand(
      Turn turn,
      ProcessSpec spec,
      List<ProcessSpec.Variable> environment,
      String logName,
      OpenEffect.Purpose purpose) {
    EffectId id = turn.newEffect();
    OpenEffect.Work.Start work =
        new OpenEffect.Work.Start(spec, environment, logName, Effect.House.NODE, null, 0);
    turn.open(id, purpose, work);
    turn.emit(prepare(id, purpose, work));
    return id;
  }

  /** What has to be ended before a start, or null. */
  static Effect.Remains remains(ProcessSpec spec, ProcessId process, String home) {
    boolean any = spec.kill() == ProcessSpec.Kill.GROUP && !process.equals(ProcessId.NONE);
    return any ? new Effect.Remains(process, home) : null;
  }

  static void prepared(Turn turn, HamEvent.Prepared p) {
    if (!(start(turn, p.effect()) instanceof OpenEffect.Work.Start work) || work.gate() != null) {
      turn.emit(new Effect.Abandon(p.effect(), p.gate()));
      return;
    }
    OpenEffect.Purpose purpose = turn.opened(p.effect()).purpose();
    if (purpose instanceof OpenEffect.Purpose.ForErrand e && Errands.isLate(turn, e.id())) {
      turn.emit(new Effect.Abandon(p.effect(), p.gate()));
      failed(turn, new HamEvent.Failed(p.effect(), "expired before it ran"));
      return;
    }
    OpenEffect.Work.Start ready = work.at(p.gate(), p.home());
    turn.open(p.effect(), purpose, ready);
    Entity e = beginner(turn, p.effect());
    if (e != null) {
      Life.Starting s = (Life.Starting) e.life();
      turn.put(e.withLife(new Life.Starting(s.effect(), p.gate(), s.number())));
    }
    turn.emit(go(p.effect(), ready, false));
  }

  static Effect.Go go(EffectId id, OpenEffect.Work.Start work, boolean repeated) {
    return new Effect.Go(
        id,
        work.gate(),
        work.home(),
        work.spec(),
        work.environment(),
        work.logName(),
        work.house(),
        repeated);
  }

  /** The gate went away before its program ran: the same effect is performed again. */
  static void neverRan(Turn turn, EffectId id) {
    if (!(start(turn, id) instanceof OpenEffect.Work.Start work) || work.gate() == null) {
      return;
    }
    if (turn.opened(id).purpose() instanceof OpenEffect.Purpose.ForErrand e
        && Errands.isLate(turn, e.id())) {
      failed(turn, new HamEvent.Failed(id, "expired before it ran"));
    } else {
      again(turn, id, work);
    }
  }

  /** Performs a start from its first phase. */
  static void again(Turn turn, EffectId id, OpenEffect.Work.Start work) {
    OpenEffect.Work.Start fresh = work.anew();
    Entity e = beginner(turn, id);
    if (e != null) {
      Life.Starting s = (Life.Starting) e.life();
      turn.put(e.withLife(new Life.Starting(s.effect(), null, s.number())));
    }
    OpenEffect.Purpose purpose = turn.opened(id).purpose();
    turn.open(id, purpose, fresh);
    turn.emit(prepare(id, purpose, fresh));
  }

  /**
   * @param s its home is null when the program itself told that it runs
   */
  static void started(Turn turn, HamEvent.Started s) {
    if (!(start(turn, s.effect()) instanceof OpenEffect.Work.Start work)) {
      return;
    }
    Entity e = beginner(turn, s.effect());
    OpenEffect.Purpose purpose = turn.opened(s.effect()).purpose();
    // An entity's process is looked at again; a command's is not, so nobody saw how it fared.
    String doubt = work.doubtful() && e == null ? "outcome unknown" : "";
    turn.close(s.effect());
    if (e != null) {
      Life.Starting life = (Life.Starting) e.life();
      String home = s.home() == null ? work.home() : s.home();
      turn.put(
          e.withLife(new Life.Up(s.process(), life.number(), home))
              .withShape(
                  e.shape() == Entity.Shape.UNATTACHED ? Entity.Shape.ATTACHED : e.shape(),
                  e.spec()));
      turn.emit(new Effect.Watch(e.name(), e.uid(), life.number(), s.process(), home));
      Stopping.startedMeanwhile(turn, s.process(), home);
    }
    switch (purpose) {
      case OpenEffect.Purpose.ForAttach a -> {
        Clients.answer(turn, a.request(), Attachments.handle(turn.entity(a.entity())));
        Attachments.attached(turn, a.entity(), s.process().pid());
      }
      case OpenEffect.Purpose.ForResume r -> {
        if (r.afterStop()) {
          Attachments.attached(turn, r.entity(), s.process().pid());
        } else {
          restarted(turn, r.entity());
        }
      }
      case OpenEffect.Purpose.ForLane l -> {
        if (e != null) {
          Restarts.succeeded(turn, e.name(), l.lane());
          restarted(turn, e.name());
        }
        Lanes.succeeded(turn, l.lane(), doubt);
      }
      case OpenEffect.Purpose.ForNow n -> turn.announce(n.path(), "action-done", "now", doubt);
      case OpenEffect.Purpose.ForErrand r -> Errands.settle(turn, r.id(), new Outcome.Done(doubt));
      case OpenEffect.Purpose.ForStop f -> throw new IllegalStateException("no start: " + f);
      case OpenEffect.Purpose.ForQuell q -> throw new IllegalStateException("no start: " + q);
      case OpenEffect.Purpose.ForSam p -> throw new IllegalStateException("no start: " + p);
    }
  }

  private static void restarted(Turn turn, Name name) {
    Entity e = turn.entity(name);
    turn.put(e.withStats(e.stats().plusRestart(turn.at())));
    turn.announce(ObjectPath.of(name), ConditionType.RESTART.word(), "", "pid " + e.pid());
    Triggers.fire(turn, name, ConditionType.RESTART, Triggers.NO_FACT, "");
  }

  /** An effect came to nothing; for a start that means: before its program ran. */
  static void failed(Turn turn, HamEvent.Failed f) {
    if (!(start(turn, f.effect()) instanceof OpenEffect.Work.Start)) {
      Lanes.failed(turn, f);
      return;
    }
    Entity e = beginner(turn, f.effect());
    OpenEffect.Purpose purpose = turn.opened(f.effect()).purpose();
    turn.close(f.effect());
    if (e != null) {
      turn.put(e.withLife(Life.NONE));
    }
    switch (purpose) {
      case OpenEffect.Purpose.ForAttach a -> {
        unattach(turn, a);
        Rejection no =
            new Rejection(
                Rejection.Reason.CANNOT_START, "'" + a.entity() + "' did not start: " + f.why());
        Clients.answer(turn, a.request(), new Reply.No(no));
      }
      case OpenEffect.Purpose.ForResume r -> {
        turn.change(
            r.entity(), x -> x.withLife(new Life.GaveUp(x.stats().starts(), ProcessId.NONE, "")));
        turn.announce(ObjectPath.of(r.entity()), "given-up", "start failed", f.why());
        Tenants.gaveUp(turn, r.entity());
      }
      case OpenEffect.Purpose.ForLane l -> {
        if (turn.stopping()) {
          Lanes.postpone(turn, l.lane());
        } else {
          Restarts.startFailed(turn, e, l.lane(), f.why());
        }
      }
      case OpenEffect.Purpose.ForNow n -> turn.announce(n.path(), "action-failed", "now", f.why());
      case OpenEffect.Purpose.ForErrand r -> Errands.settle(turn, r.id(), Outcome.failed(f.why()));
      case OpenEffect.Purpose.ForStop s -> throw new IllegalStateException("no start: " + s);
      case OpenEffect.Purpose.ForQuell q -> throw new IllegalStateException("no start: " + q);
      case OpenEffect.Purpose.ForSam p -> throw new IllegalStateException("no start: " + p);
    }
  }

  /** Takes back an attachment whose start failed. */
  private static void unattach(Turn turn, OpenEffect.Purpose.ForAttach a) {
    Entity e = turn.entity(a.entity());
    if (a.filled()) {
      turn.put(e.withShape(e.shape(), null));
    } else {
      turn.removeEntity(a.entity());
    }
  }

  /**
   * A start is no longer wanted, because its entity is detached or may not run.
   *
   * @param why for the lane that waits for it; empty: nothing is to be said
   */
  static void cancel(Turn turn, EffectId id, String why) {
    OpenEffect open = turn.opened(id);
    turn.close(id);
    turn.emit(new Effect.Abandon(id, ((OpenEffect.Work.Start) open.work()).gate()));
    switch (open.purpose()) {
      case OpenEffect.Purpose.ForAttach a -> {
        Rejection no = new Rejection(Rejection.Reason.NOT_FOUND, "detached while it started");
        Clients.answer(turn, a.request(), new Reply.No(no));
      }
      case OpenEffect.Purpose.ForLane l -> Lanes.succeeded(turn, l.lane(), why);
      case OpenEffect.Purpose.ForResume r -> {}
      case OpenEffect.Purpose.ForNow n -> {}
      case OpenEffect.Purpose.ForErrand r -> {}
      case OpenEffect.Purpose.ForStop s -> {}
      case OpenEffect.Purpose.ForQuell q -> {}
      case OpenEffect.Purpose.ForSam p -> {}
    }
  }

  /** {@code ham resume}: a fresh budget and a start. */
  static Reply resume(Turn turn, Command.Resume c) {
    Entity e = Targets.entity(turn, c.entity());
    ProcessSpec spec = e.isGlobal() ? null : Attachments.command(e, restartArgv(e));
    if (!(e.life() instanceof Life.GaveUp given) || spec == null) {
      throw Refused.invalid("'" + e.name() + "' was not given up");
    }
    turn.put(e.withTally(Tally.EMPTY));
    begin(
        turn,
        e.name(),
        spec,
        remains(spec, given.process(), given.home()),
        new OpenEffect.Purpose.ForResume(e.name(), e.uid(), false));
    return Reply.OK;
  }

  private static List<String> restartArgv(Entity e) {
    for (Condition c : e.conditions()) {
      for (Action a : c.actions()) {
        if (a.deed() instanceof Deed.Restart r) {
          return r.argv();
        }
      }
    }
    return List.of();
  }

  private static OpenEffect.Work start(Turn turn, EffectId id) {
    OpenEffect open = turn.opened(id);
    return open == null ? null : open.work();
  }

  /** The entity that this start is to bring up, or null for a command or when it has gone. */
  private static Entity beginner(Turn turn, EffectId id) {
    OpenEffect open = turn.opened(id);
    if (!(open.work() instanceof OpenEffect.Work.Start work) || work.entity() == 0) {
      return null;
    }
    Entity e = turn.entity(new Name(work.logName()), work.entity());
    boolean waits = e != null && e.life() instanceof Life.Starting s && s.effect().equals(id);
    return waits ? e : null;
  }
}

package io.hamlet.core.recovery;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.sam.SamAct;
import io.hamlet.core.sam.SamEnd.Cause;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.core.sam.SamStep;
import java.time.Duration;

/** Has done what the supervision of a program wants, in terms of the tree (sam.md 4.2, 4.6). */
final class SamActs {
  /** What a program that marks itself failed, or cannot be killed, raises. */
  static final Filter.Raise MARKED = new Filter.Raise(100, 1, 1);

  static final Filter.Raise UNKILLABLE = new Filter.Raise(100, 2, 1);
  private static final int HIGHEST_SIGNAL = 64;

  private SamActs() {}

  /** Takes a step: the state, what is told of it, and what is to be done. */
  static void take(Turn turn, SamProcess before, SamStep step) {
    SamProcess after = step.process();
    turn.sam(turn.sam().with(after));
    if (before.state() != after.state()) {
      transition(turn, before, after, step.reason());
    }
    for (SamAct act : step.acts()) {
      perform(turn, before, after, act);
    }
  }

  private static void transition(Turn turn, SamProcess before, SamProcess p, String reason) {
    Entity e = turn.entity(p.name());
    int number = p.state().number();
    String detail = "instance " + p.instance() + ", " + reason;
    if (p.state().isOver()) {
      detail += ", " + p.end().exit().reason();
    }
    turn.announce(
        ObjectPath.of(p.name()),
        "sam-state",
        before.state().word() + " -> " + p.state().word(),
        detail);
    if (e != null && number != 0 && e.userState() != number) {
      Publications.entered(turn, e, number);
    }
  }

  private static void perform(Turn turn, SamProcess before, SamProcess p, SamAct act) {
    switch (act) {
      case SamAct.Listen a -> turn.emit(silence(p, a));
      case SamAct.Deafen a -> turn.emit(new Effect.UnwatchSilence(p.uid()));
      case SamAct.Warn a -> {
        signal(turn, p, p.warnSignal());
        missed(turn, p.name(), ConditionType.BEAT_MISSED_LOW, a.cause());
      }
      case SamAct.Kill a -> {
        if (p.contract().strict()) {
          signal(turn, p, SamProcess.SIGKILL);
        } else {
          turn.emit(end(p, home(turn, p.name())));
        }
        missed(turn, p.name(), ConditionType.BEAT_MISSED_HIGH, a.cause());
      }
      case SamAct.Await a -> await(turn, p, a.nanos());
      case SamAct.Forget a -> forget(turn, before.timer());
      case SamAct.Answer a ->
          Clients.answer(
              turn, a.request(), a.refusal() == null ? Reply.OK : new Reply.No(a.refusal()));
      case SamAct.Raise a -> raise(turn, p, a.cause() == Cause.MARKED ? MARKED : UNKILLABLE);
      case SamAct.Die a -> {
        // Whoever told of the end lets the entity die.
      }
      case SamAct.Leave a -> {
        // Whoever told of the end detaches the entity.
      }
    }
  }

  static Effect silence(SamProcess p, SamAct.Listen a) {
    return new Effect.WatchSilence(
        p.name(), p.uid(), p.instance(), a.firstNanos(), a.periodNanos(), a.deaf());
  }

  static Effect end(SamProcess p, String home) {
    return new Effect.End(p.process(), home, Duration.ZERO);
  }

  private static void signal(Turn turn, SamProcess p, int signal) {
    if (signal < 1 || signal > HIGHEST_SIGNAL) {
      return;
    }
    EffectId id = turn.newEffect();
    turn.open(
        id,
        new OpenEffect.Purpose.ForSam(p.name(), p.uid()),
        new OpenEffect.Work.Signalling(p.process(), signal, 0, 0));
    turn.emit(new Effect.Signal(id, p.process(), signal, 0, 0));
  }

  private static void await(Turn turn, SamProcess p, long nanos) {
    EffectId id = turn.newEffect();
    long until = turn.at().bootNanos() + nanos;
    turn.open(
        id, new OpenEffect.Purpose.ForSam(p.name(), p.uid()), new OpenEffect.Work.Wait("", until));
    turn.wakeAt(until, id);
    turn.sam(turn.sam().with(p.withTimer(id)));
  }

  private static void forget(Turn turn, EffectId timer) {
    OpenEffect open = turn.opened(timer);
    if (open != null && open.work() instanceof OpenEffect.Work.Wait wait) {
      turn.close(timer);
      turn.dropDeadline(wait.untilBoot(), timer);
    }
  }

  /** A first missed message is a low mark, a second a high one. */
  private static void missed(Turn turn, Name name, ConditionType type, Cause cause) {
    Entity e = turn.entity(name);
    if (e != null && e.enabled() && cause == Cause.SILENT) {
      turn.announce(ObjectPath.of(name), type.word(), "no message", "");
      Triggers.fire(turn, name, type, Triggers.NO_FACT, "no message");
    }
  }

  private static void raise(Turn turn, SamProcess p, Filter.Raise what) {
    Entity e = turn.entity(p.name());
    if (e != null) {
      Publications.raised(turn, e, what);
    }
  }

  static String home(Turn turn, Name name) {
    Entity e = turn.entity(name);
    return e != null && e.life() instanceof Life.Up up ? up.home() : "";
  }
}

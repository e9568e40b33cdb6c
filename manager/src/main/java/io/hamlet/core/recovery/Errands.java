package io.hamlet.core.recovery;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.model.ProcessSpec;
import java.util.Map;

/**
 * The side of an errand that does it: each one once, in time or not at all (architecture.md 2). It
 * is in the log before it is done, and its outcome stays known until nobody asks any more.
 */
final class Errands {
  private static final Errand.Fate DONE = new Errand.Fate.Done();

  private Errands() {}

  static void asked(Turn turn, HamEvent.Asked a) {
    ErrandBook.Taken known = turn.errands().find(a.id());
    if (known != null) {
      if (known.fate() != null) {
        turn.emit(new Effect.Report(a.id(), known.fate()));
      }
      return;
    }
    Errand.Fate refusal = refusal(turn, a);
    if (refusal != null) {
      turn.emit(new Effect.Report(a.id(), refusal));
      return;
    }
    turn.errands(
        turn.errands()
            .swept(turn.at().bootNanos())
            .with(a.id(), new ErrandBook.Taken(a.expiry(), null)));
    Outcome outcome = perform(turn, a);
    if (!(outcome instanceof Outcome.Pending)) {
      settle(turn, a.id(), outcome);
    }
  }

  /** It has come to its end; whoever asked is told. */
  static void settle(Turn turn, ErrandId id, Outcome outcome) {
    Errand.Fate fate =
        switch (outcome) {
          case Outcome.Done d -> DONE;
          case Outcome.Failed f -> new Errand.Fate.Failed(f.why(), f.done());
          case Outcome.Pending p -> throw new IllegalStateException("not ended: " + p);
        };
    ErrandBook.Taken taken = turn.errands().find(id);
    turn.errands(turn.errands().with(id, new ErrandBook.Taken(taken.expiry(), fate)));
    turn.emit(new Effect.Report(id, fate));
    switch (outcome) {
      case Outcome.Done d -> turn.announce("", "errand-done", d.note(), "for " + id);
      case Outcome.Failed f -> turn.announce("", "errand-failed", f.why(), "for " + id);
      case Outcome.Pending p -> {}
    }
  }

  /** What is begun after its time is done although its alternate has run. */
  static boolean isLate(Turn turn, ErrandId id) {
    return turn.errands().find(id).expiry() < turn.at().bootNanos();
  }

  /** A successor does not go on with what is no longer wanted. */
  static void dropLate(Turn turn) {
    for (Map.Entry<EffectId, OpenEffect> open : turn.allOpen().entrySet()) {
      if (open.getValue().purpose() instanceof OpenEffect.Purpose.ForErrand forErrand
          && isLate(turn, forErrand.id())) {
        switch (open.getValue().work()) {
          case OpenEffect.Work.Signalling s ->
              Lanes.failed(turn, open.getKey(), "outcome unknown: the manager was lost");
          case OpenEffect.Work.Start s -> {
            if (s.gate() == null) {
              Starts.failed(turn, new HamEvent.Failed(open.getKey(), "expired before it ran"));
            }
          }
          default -> throw new IllegalStateException("no errand: " + open);
        }
      }
    }
  }

  /** Why it is not done, or null. None of it is remembered. */
  private static Errand.Fate refusal(Turn turn, HamEvent.Asked a) {
    int most = turn.limits().errandsKept();
    if (a.born() < turn.errands().since()) {
      return new Errand.Fate.Refused(Errand.beganAnew(turn.node()));
    }
    long left = a.expiry() - turn.at().bootNanos();
    // Nobody asks for longer: then it is this clock that is not what the other takes it for.
    if (left < 0 || left > Errand.SPAN.plus(Errand.MARGIN).toNanos()) {
      return new Errand.Fate.Expired();
    }
    if (turn.stopping()) {
      return new Errand.Fate.Refused("node '" + turn.node() + "' is being stopped");
    }
    if (!turn.isHere(a.errand().node())) {
      return new Errand.Fate.Refused("this is node '" + turn.node() + "'");
    }
    if (turn.errands().swept(turn.at().bootNanos()).size(a.id().tree()) >= most) {
      return new Errand.Fate.Refused("node '" + turn.node() + "' does too much for others");
    }
    return null;
  }

  private static Outcome perform(Turn turn, HamEvent.Asked a) {
    OpenEffect.Purpose purpose = new OpenEffect.Purpose.ForErrand(a.id());
    return switch (a.errand().deed()) {
      case Deed.Pulse d ->
          a.errand().times() == 1
              ? Deeds.pulse(turn, d)
              : Deeds.pulses(turn, d, a.errand().times());
      case Deed.Signal d -> Deeds.signal(turn, d.process(), d, purpose);
      case Deed.Execute d ->
          new Outcome.Pending(
              Starts.beginCommand(
                  turn,
                  ProcessSpec.of(d.argv()),
                  a.errand().environment(),
                  logName(a.id()),
                  purpose));
      default -> throw new IllegalStateException("no errand: " + a);
    };
  }

  /** The output of all commands for one tree goes to one file. */
  private static String logName(ErrandId id) {
    return "errands-" + (id.tree().equals("*") ? "cluster" : id.tree());
  }
}

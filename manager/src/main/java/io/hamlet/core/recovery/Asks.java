package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Errand;
import java.util.Map;

/** The asking side of an errand: an effect for another node (ham.md 8, architecture.md 2). */
final class Asks {
  private Asks() {}

  /** Has another node asked; fails at once when too much is under way to it. */
  static Outcome begin(Turn turn, Errand errand, OpenEffect.Purpose purpose) {
    int most = turn.limits().errandsPerNode();
    if (underWay(turn, errand.node()) >= most) {
      return Outcome.failed(most + " errands are under way to node '" + errand.node() + "'");
    }
    EffectId id = turn.newEffect();
    OpenEffect.Work.Asking work =
        new OpenEffect.Work.Asking(errand, turn.at().bootNanos() + Errand.SPAN.toNanos());
    turn.open(id, purpose, work);
    turn.wakeAt(work.untilBoot(), id);
    turn.emit(ask(id, work, false));
    return new Outcome.Pending(id);
  }

  static Effect.Ask ask(EffectId id, OpenEffect.Work.Asking work, boolean repeated) {
    return new Effect.Ask(id, work.errand(), work.expires(), repeated);
  }

  /** The other node neither did it nor refused it in time. */
  static void unanswered(Turn turn, EffectId id, OpenEffect.Work.Asking work) {
    String node = work.errand().node();
    Lanes.failed(turn, id, "outcome unknown: node '" + node + "' did not answer in time");
  }

  /** A do-now action on another node has ended. */
  static void told(Turn turn, OpenEffect.Purpose.ForNow now, Outcome outcome) {
    switch (outcome) {
      case Outcome.Done d -> turn.announce(now.path(), "action-done", "now", "");
      case Outcome.Failed f -> turn.announce(now.path(), "action-failed", "now", f.why());
      case Outcome.Pending p -> throw new IllegalStateException("not ended: " + p);
    }
  }

  private static int underWay(Turn turn, String node) {
    int count = 0;
    for (Map.Entry<EffectId, OpenEffect> open : turn.allOpen().entrySet()) {
      boolean there =
          open.getValue().work() instanceof OpenEffect.Work.Asking a
              && a.errand().node().equals(node);
      count += there ? 1 : 0;
    }
    return count;
  }
}

package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Lane;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.RestartPolicy;

/** The restart action: when, and how often (ham.md 1.9; budgets are ours). */
final class Restarts {
  private static final String NO_COMMAND = "it has no command to start it with";

  private Restarts() {}

  static Outcome perform(Turn turn, Deeds.Task task, Deed.Restart deed) {
    Entity e = turn.entity(task.head().entity(), task.head().entityUid());
    return switch (e.life()) {
      // Somebody filled it meanwhile: what the action is for is there.
      case Life.Up up -> new Outcome.Done();
      case Life.Starting s -> new Outcome.Done();
      case Life.DiedUnseen d -> new Outcome.Done();
      case Life.Stopped s -> new Outcome.Done();
      case Life.GaveUp g -> new Outcome.Failed("its restart budget is spent", true);
      case Life.None n ->
          isDetached(e) || Sams.forbidsRestart(turn, e)
              ? new Outcome.Done()
              : attempt(turn, e, deed, task.lane(), task.head().trigger().life(), run(turn, e));
    };
  }

  /** Tries now, later, or never again. */
  private static Outcome attempt(
      Turn turn, Entity e, Deed.Restart deed, Lane lane, long deadLife, long runNanos) {
    if (Attachments.command(e, deed.argv()) == null) {
      return Outcome.failed(NO_COMMAND);
    }
    if (Tenants.mustWait(turn, e)) {
      return new Outcome.Done(Tenants.waits(turn, e.name()));
    }
    if (Tenants.isUsedUp(e)) {
      return spent(turn, e, deadLife, Tenants.USED_UP);
    }
    EffectId delay = turn.newEffect();
    Backoff.Decision decision =
        Backoff.decide(deed.policy(), e.tally(), runNanos, turn.at().bootNanos(), delay);
    return switch (decision) {
      case Backoff.Now now -> {
        turn.put(e.withTally(now.tally()));
        yield new Outcome.Pending(start(turn, e.name(), deed, lane, deadLife));
      }
      case Backoff.Later later -> {
        turn.put(e.withTally(later.tally()));
        turn.open(
            delay,
            new OpenEffect.Purpose.ForLane(lane),
            new OpenEffect.Work.Delay(later.untilBoot()));
        turn.wakeAt(later.untilBoot(), delay);
        yield new Outcome.Pending(delay);
      }
      case Backoff.Spent spent -> spent(turn, e, deadLife, spent.why());
    };
  }

  private static Outcome spent(Turn turn, Entity e, long deadLife, String why) {
    String next =
        e.grant() == null
            ? "; 'ham resume " + e.name() + "' starts it again"
            : "; another node is to run it";
    turn.put(e.withLife(gaveUp(e, deadLife)));
    turn.announce(ObjectPath.of(e.name()), "given-up", "budget spent", why + next);
    Tenants.gaveUp(turn, e.name());
    return new Outcome.Failed(why, true);
  }

  private static Life gaveUp(Entity e, long deadLife) {
    Entity.PendingDeath death = Lives.find(e, deadLife);
    return death == null
        ? new Life.GaveUp(e.stats().starts(), ProcessId.NONE, "")
        : new Life.GaveUp(e.stats().starts(), death.process(), death.home());
  }

  private static EffectId start(Turn turn, Name name, Deed.Restart deed, Lane lane, long deadLife) {
    Entity e = turn.entity(name);
    ProcessSpec spec = Attachments.command(e, deed.argv());
    Entity.PendingDeath death = Lives.find(e, deadLife);
    Effect.Remains remains =
        death == null ? null : Starts.remains(spec, death.process(), death.home());
    return Starts.begin(turn, name, spec, remains, new OpenEffect.Purpose.ForLane(lane));
  }

  /** The back-off before a try is over. */
  static void delayOver(Turn turn, Lane lane) {
    Occurrence head = turn.lane(lane).getFirst();
    Entity e = turn.entity(head.entity(), head.entityUid());
    Deed.Restart deed = deed(e, head);
    if (deed == null || !(e.life() instanceof Life.None) || isDetached(e)) {
      Lanes.succeeded(turn, lane);
    } else if (Tenants.mustWait(turn, e)) {
      Lanes.succeeded(turn, lane, Tenants.waits(turn, e.name()));
    } else if (Attachments.command(e, deed.argv()) == null) {
      // Meanwhile it was attached as a running process, which died as well.
      Lanes.failed(turn, lane, NO_COMMAND, false);
    } else {
      Lanes.replaceEffect(turn, lane, start(turn, e.name(), deed, lane, head.trigger().life()));
    }
  }

  static void succeeded(Turn turn, Name name, Lane lane) {
    Lives.restarted(turn, name, turn.lane(lane).getFirst().trigger().life());
  }

  /**
   * The program could not be run. Under a policy that is one more quick death; without one the
   * action has failed.
   *
   * @param e null when the entity has gone, or it was a command
   */
  static void startFailed(Turn turn, Entity e, Lane lane, String why) {
    Occurrence head = turn.lane(lane).getFirst();
    Entity now = e == null ? null : turn.entity(e.name());
    Deed.Restart deed = now == null ? null : deed(now, head);
    if (deed == null || deed.policy().equals(RestartPolicy.NONE)) {
      Lanes.failed(turn, lane, why, false);
      return;
    }
    switch (attempt(turn, now, deed, lane, head.trigger().life(), 0)) {
      case Outcome.Pending p -> Lanes.replaceEffect(turn, lane, p.effect());
      case Outcome.Failed f -> Lanes.failed(turn, lane, why + "; " + f.why(), f.keep());
      case Outcome.Done d -> Lanes.succeeded(turn, lane);
    }
  }

  /** A restart action that only ran out of budget is kept, whatever its flags. */
  static boolean gaveUp(Entity holder, Action action) {
    return holder.life() instanceof Life.GaveUp && action.deed() instanceof Deed.Restart;
  }

  private static Deed.Restart deed(Entity e, Occurrence head) {
    if (e == null || head.running() == null) {
      return null;
    }
    return e.conditions().stream()
        .flatMap(c -> c.actions().stream())
        .filter(a -> a.uid() == head.running().actionUid())
        .filter(a -> a.deed() instanceof Deed.Restart)
        .map(a -> (Deed.Restart) a.deed())
        .findFirst()
        .orElse(null);
  }

  /** Detached while its recovery went on: nothing is started for it any more. */
  private static boolean isDetached(Entity e) {
    return e.shape() == Entity.Shape.UNATTACHED;
  }

  /** How long the life that ended now was; without end when the host rebooted meanwhile. */
  private static long run(Turn turn, Entity e) {
    Moment start = e.stats().restarted() == null ? e.stats().created() : e.stats().restarted();
    boolean sameBoot = start.bootNanos() <= turn.at().bootNanos();
    return sameBoot ? turn.at().bootNanos() - start.bootNanos() : Long.MAX_VALUE;
  }
}

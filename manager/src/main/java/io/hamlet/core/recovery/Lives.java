package io.hamlet.core.recovery;

import io.hamlet.core.model.Condition;
import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import java.util.ArrayList;
import java.util.List;

/** Deaths and what follows them: conditions, pruning, removal (ham.md 1.8 to 1.10). */
final class Lives {
  private Lives() {}

  static void died(Turn turn, HamEvent.Died d) {
    Sams.died(turn, d);
    Entity e = turn.entity(d.entity(), d.uid());
    if (e == null || !(e.life() instanceof Life.Up up) || up.number() != d.life()) {
      return;
    }
    if (turn.stopping() || Quells.isQuelled(turn, e)) {
      endBeats(turn, e, up.number());
      Stopping.ended(turn, e, up.number(), d.exit());
    } else if (!e.enabled()) {
      turn.put(e.withLife(new Life.DiedUnseen(up.process(), up.number(), up.home(), d.exit())));
    } else {
      end(turn, e, up.process(), up.number(), up.home(), d.exit());
    }
  }

  /** A supervised program may end in good order; every other end is a death. */
  private static void end(
      Turn turn, Entity e, ProcessId process, long life, String home, Exit exit) {
    if (Sams.leaves(turn, e, process, exit)) {
      turn.change(e.name(), x -> x.withExit(exit));
      turn.announce(ObjectPath.of(e.name()), ConditionType.DETACH.word(), exit.reason(), "");
      detached(turn, turn.entity(e.name()));
    } else {
      die(turn, turn.entity(e.name()), process, life, home, exit);
    }
  }

  /** A death that the disabled entity could not see is noted now. */
  static void noteUnseen(Turn turn, Name name) {
    Entity e = turn.entity(name);
    if (e.enabled() && e.life() instanceof Life.DiedUnseen dead) {
      end(turn, e, dead.process(), dead.number(), dead.home(), dead.exit());
    }
  }

  static void die(Turn turn, Entity e, ProcessId process, long life, String home, Exit exit) {
    endBeats(turn, e, life);
    // After a reboot its pid, and its cgroup, may be anybody's.
    ProcessId left = exit.kind() == Exit.Kind.REBOOT ? ProcessId.NONE : process;
    turn.put(
        e.withLife(Life.NONE)
            .withHeartbeat(null)
            .withExit(exit)
            .withStats(e.stats().plusDeath(turn.at(), life))
            .withDeaths(plus(e.deaths(), new Entity.PendingDeath(life, 0, false, left, home))));
    ObjectPath path = ObjectPath.of(e.name());
    Trigger why =
        new Trigger(ConditionType.DEATH, e.name(), e.uid(), life, process.pid(), exit.reason());
    int open = 0;
    if (exit.isAbnormal()) {
      turn.announce(path, ConditionType.ABNORMAL_DEATH.word(), exit.reason(), pidText(process));
      open += Triggers.fire(turn, as(why, ConditionType.ABNORMAL_DEATH), Triggers.NO_FACT);
    }
    turn.announce(path, ConditionType.DEATH.word(), exit.reason(), pidText(process));
    open += Triggers.fire(turn, why, Triggers.NO_FACT);
    count(turn, e.name(), life, open);
  }

  /** The cause of an earlier death became known: an abnormal one fires its condition alone. */
  static void exitLearned(Turn turn, HamEvent.ExitLearned l) {
    Sams.exitLearned(turn, l);
    Entity e = turn.entity(l.entity(), l.uid());
    if (e == null || e.isGlobal()) {
      return;
    }
    if (e.life() instanceof Life.DiedUnseen dead && dead.number() == l.life()) {
      turn.put(
          e.withLife(new Life.DiedUnseen(dead.process(), dead.number(), dead.home(), l.exit())));
      return;
    }
    if (l.life() < 1 || l.life() > e.stats().lastLife()) {
      return;
    }
    if (l.life() == e.stats().lastLife()) {
      if (e.exit().kind() != Exit.Kind.UNKNOWN) {
        return;
      }
      turn.put(e.withExit(l.exit()));
    }
    if (l.exit().isAbnormal() && e.enabled()) {
      ConditionType type = ConditionType.ABNORMAL_DEATH;
      turn.announce(ObjectPath.of(e.name()), type.word(), l.exit().reason(), "learned late");
      Trigger why = new Trigger(type, e.name(), e.uid(), l.life(), 0, l.exit().reason());
      count(turn, e.name(), l.life(), Triggers.fire(turn, why, Triggers.NO_FACT));
    }
  }

  /** Monitoring ends in good order; CONDDETACH fires first (ham.md 1.10). */
  static void detached(Turn turn, Entity before) {
    Name name = before.name();
    long life = before.stats().starts();
    Entity.PendingDeath end = new Entity.PendingDeath(life, 0, false, ProcessId.NONE, "");
    EffectId starting = before.life() instanceof Life.Starting s ? s.effect() : null;
    if (find(before, life) == null) {
      turn.change(name, e -> e.withDeaths(plus(e.deaths(), end)));
    }
    Trigger why = new Trigger(ConditionType.DETACH, name, before.uid(), life, before.pid(), "");
    int open = Triggers.fire(turn, why, Triggers.NO_FACT);
    if (before.life() instanceof Life.Up up) {
      turn.emit(new Effect.Unwatch(before.uid(), up.number()));
    }
    endBeats(turn, before, life);
    // Its shape says to what still waits for its turn that there is nothing to restart any more.
    turn.change(
        name,
        e -> e.withLife(Life.NONE).withHeartbeat(null).withShape(Entity.Shape.UNATTACHED, null));
    if (starting != null) {
      Starts.cancel(turn, starting, "");
    }
    count(turn, name, life, open);
  }

  /** One of the conditions that a death made true has run all its actions. */
  static void finished(Turn turn, Trigger trigger, long holderUid) {
    boolean counts =
        trigger.uid() == holderUid
            && (trigger.type().isDeath() || trigger.type() == ConditionType.DETACH);
    Entity e = turn.entity(trigger.entity(), trigger.uid());
    if (counts && e != null && find(e, trigger.life()) != null) {
      count(turn, e.name(), trigger.life(), -1);
    }
  }

  /** A restart of this death has succeeded. */
  static void restarted(Turn turn, Name name, long life) {
    Entity e = turn.entity(name);
    Entity.PendingDeath d = find(e, life);
    if (d != null) {
      replace(turn, e, new Entity.PendingDeath(life, d.open(), true, d.process(), d.home()));
    }
  }

  static Entity.PendingDeath find(Entity e, long life) {
    for (Entity.PendingDeath d : e.deaths()) {
      if (d.life() == life) {
        return d;
      }
    }
    return null;
  }

  private static void count(Turn turn, Name name, long life, int by) {
    Entity e = turn.entity(name);
    Entity.PendingDeath d = find(e, life);
    if (d == null) {
      return;
    }
    int open = d.open() + by;
    replace(turn, e, new Entity.PendingDeath(life, open, d.restarted(), d.process(), d.home()));
    if (open == 0) {
      ended(turn, turn.entity(name), d);
    }
  }

  /** All actions of a death have run. */
  private static void ended(Turn turn, Entity before, Entity.PendingDeath death) {
    Entity e =
        before.withDeaths(before.deaths().stream().filter(d -> d.life() != death.life()).toList());
    turn.put(e);
    if (death.restarted()) {
      prune(turn, e);
    } else if (e.life() instanceof Life.None && e.deaths().isEmpty()) {
      if (e.grant() != null) {
        // Nothing here restarts it; another node may.
        turn.put(e.withLife(new Life.GaveUp(death.life(), death.process(), death.home())));
        turn.announce(ObjectPath.of(e.name()), "given-up", "no restart", "");
        Tenants.gaveUp(turn, e.name());
      } else if (e.flags().keepOnDeath()) {
        turn.put(e.withShape(Entity.Shape.UNATTACHED, null));
      } else {
        turn.removeEntity(e.name());
        turn.announce(ObjectPath.of(e.name()), "removed", "", "no process and no restart");
      }
    }
  }

  /** Removes what was not to survive a restart (ham.md 1.8). */
  private static void prune(Turn turn, Entity e) {
    List<Condition> kept = new ArrayList<>();
    for (Condition c : e.conditions()) {
      if (!c.flags().has(Flags.OfCondition.REARM)) {
        continue;
      }
      Condition pruned =
          c.withActions(
              c.actions().stream().filter(a -> a.flags().has(Flags.OfAction.REARM)).toList());
      boolean emptied = pruned.actions().isEmpty() && !c.actions().isEmpty();
      if (!emptied || c.flags().has(Flags.OfCondition.KEEP_ON_EMPTY)) {
        kept.add(pruned);
      }
    }
    turn.put(e.withConditions(kept));
  }

  static void endBeats(Turn turn, Entity e, long life) {
    if (e.heartbeat() != null) {
      turn.emit(new Effect.UnwatchBeats(e.uid(), life));
    }
  }

  private static void replace(Turn turn, Entity e, Entity.PendingDeath death) {
    turn.put(
        e.withDeaths(e.deaths().stream().map(d -> d.life() == death.life() ? death : d).toList()));
  }

  private static List<Entity.PendingDeath> plus(
      List<Entity.PendingDeath> list, Entity.PendingDeath more) {
    List<Entity.PendingDeath> longer = new ArrayList<>(list);
    longer.add(more);
    return longer;
  }

  private static Trigger as(Trigger t, ConditionType type) {
    return new Trigger(type, t.entity(), t.uid(), t.life(), t.pid(), t.reason(), t.node());
  }

  private static String pidText(ProcessId process) {
    return "pid " + process.pid();
  }
}

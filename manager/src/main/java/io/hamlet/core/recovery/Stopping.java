package io.hamlet.core.recovery;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.RequestId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The node is stopped in good order (ham.md 7.3, cli.md 2). No condition fires; recoveries stand
 * still and go on when the node returns. Entities run on, or are ended first if that was asked.
 */
final class Stopping {
  private Stopping() {}

  /** The reply, or null when entities have to end first. */
  static Reply begin(Turn turn, RequestId id, Command.Stop c) {
    turn.stopping(true);
    if (c.entities() && anyLives(turn.entities().values())) {
      turn.open(
          turn.newEffect(),
          new OpenEffect.Purpose.ForStop(id, c.killAfter().toNanos()),
          new OpenEffect.Work.Wait("", Long.MAX_VALUE));
      for (Entity e : turn.entities().values()) {
        if (e.life() instanceof Life.Up up) {
          turn.emit(new Effect.End(up.process(), up.home(), c.killAfter()));
        }
      }
      return null;
    }
    turn.emit(new Effect.EndNode());
    return Reply.OK;
  }

  /** An entity has ended, unmourned. */
  static void ended(Turn turn, Entity e, long life, Exit exit) {
    turn.put(e.withLife(new Life.Stopped(life)).withHeartbeat(null).withExit(exit));
  }

  /** A start that was under way has come to its end: the process is ended like the others. */
  static void startedMeanwhile(Turn turn, ProcessId process, String home) {
    for (OpenEffect open : turn.allOpen().values()) {
      if (open.purpose() instanceof OpenEffect.Purpose.ForStop stop) {
        turn.emit(new Effect.End(process, home, Duration.ofNanos(stop.killAfterNanos())));
      }
    }
  }

  /** When the last entity has ended, the node ends. */
  static void check(Turn turn) {
    if (turn.stopping() && isOpen(turn) && !anyLives(turn.entities().values())) {
      answerAll(turn);
      turn.emit(new Effect.EndNode());
    }
  }

  /** A stop of entities goes on after a takeover; any other has come to its end. */
  static void afterTakeover(Turn turn, boolean newBoot) {
    if (newBoot) {
      answerAll(turn);
    }
    if (!isOpen(turn)) {
      turn.stopping(false);
      List<Name> names = List.copyOf(turn.entities().keySet());
      names.forEach(name -> comeBack(turn, name));
      Lanes.stirAll(turn);
    }
  }

  static List<Effect> resume(HamState state) {
    List<Effect> effects = new ArrayList<>();
    if (state.stopping() && !anyLives(state.entities().values())) {
      effects.add(new Effect.EndNode());
    }
    for (OpenEffect open : state.open().values()) {
      if (open.purpose() instanceof OpenEffect.Purpose.ForStop stop) {
        Duration grace = Duration.ofNanos(stop.killAfterNanos());
        for (Entity e : state.entities().values()) {
          if (e.life() instanceof Life.Up up) {
            effects.add(new Effect.End(up.process(), up.home(), grace));
          }
        }
      }
    }
    return effects;
  }

  /** What a stop has ended is started again, or is a placeholder if it cannot be. */
  private static void comeBack(Turn turn, Name name) {
    Entity e = turn.entity(name);
    if (!(e.life() instanceof Life.Stopped)) {
      return;
    }
    if (e.spec() == null) {
      turn.put(e.withLife(Life.NONE).withShape(Entity.Shape.UNATTACHED, null));
    } else {
      Starts.begin(
          turn, name, e.spec(), null, new OpenEffect.Purpose.ForResume(name, e.uid(), true));
    }
  }

  private static boolean isOpen(Turn turn) {
    return turn.allOpen().values().stream()
        .anyMatch(o -> o.purpose() instanceof OpenEffect.Purpose.ForStop);
  }

  private static void answerAll(Turn turn) {
    for (Map.Entry<EffectId, OpenEffect> open : turn.allOpen().entrySet()) {
      if (open.getValue().purpose() instanceof OpenEffect.Purpose.ForStop stop) {
        turn.close(open.getKey());
        Clients.answer(turn, stop.request(), Reply.OK);
      }
    }
  }

  private static boolean anyLives(Iterable<Entity> entities) {
    for (Entity e : entities) {
      if (e.life() instanceof Life.Up || e.life() instanceof Life.Starting) {
        return true;
      }
    }
    return false;
  }
}

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
import java.util.function.Consumer;

/**
 * The node is stopped in good order (ham.md 7.3, cli.md 2). No condition fires; recoveries stand
 * still and go on when the node returns. Entities run on, or are ended first if that was asked.
 */
final class Stopping {
  private Stopping() {}

  /** The reply, or null when entities have to end first. */
  static Reply begin(Turn turn, RequestId id, Command.Stop c) {
    turn.stopping(true);
    Tenants.stopping(turn, c.killAfter());
    boolean lives = c.entities() && anyLives(turn.entities().values());
    if (!lives && !Quells.any(turn)) {
      turn.emit(new Effect.EndNode());
      return Reply.OK;
    }
    OpenEffect.Purpose.ForStop purpose =
        new OpenEffect.Purpose.ForStop(id, c.entities(), c.killAfter().toNanos());
    turn.open(turn.newEffect(), purpose, new OpenEffect.Work.Wait("", Long.MAX_VALUE));
    if (c.entities()) {
      endAll(turn.entities().values(), c.killAfter(), turn::emit);
    }
    return null;
  }

  /** The cluster's entities are ended with more care than these. */
  private static void endAll(Iterable<Entity> all, Duration grace, Consumer<Effect> to) {
    for (Entity e : all) {
      if (e.grant() == null && e.life() instanceof Life.Up up) {
        to.accept(new Effect.End(up.process(), up.home(), grace));
      }
    }
  }

  /** An entity has ended, unmourned. */
  static void ended(Turn turn, Entity e, long life, Exit exit) {
    turn.put(e.withLife(new Life.Stopped(life)).withHeartbeat(null).withExit(exit));
  }

  /** A start that was under way has come to its end: the process is ended like the others. */
  static void startedMeanwhile(Turn turn, ProcessId process, String home) {
    for (OpenEffect open : turn.allOpen().values()) {
      if (open.purpose() instanceof OpenEffect.Purpose.ForStop stop && stop.entities()) {
        turn.emit(new Effect.End(process, home, Duration.ofNanos(stop.killAfterNanos())));
      }
    }
  }

  /** When the last entity has ended, the node ends. */
  static void check(Turn turn) {
    if (turn.stopping() && isOpen(turn) && isOver(turn)) {
      answerAll(turn);
      turn.emit(new Effect.EndNode());
    }
  }

  private static boolean isOver(Turn turn) {
    boolean entities =
        turn.allOpen().values().stream()
            .anyMatch(o -> o.purpose() instanceof OpenEffect.Purpose.ForStop s && s.entities());
    return !Quells.any(turn) && !(entities && anyLives(turn.entities().values()));
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
    boolean asked = false;
    for (OpenEffect open : state.open().values()) {
      if (open.purpose() instanceof OpenEffect.Purpose.ForStop stop) {
        asked = true;
        if (stop.entities()) {
          Duration grace = Duration.ofNanos(stop.killAfterNanos());
          endAll(state.entities().values(), grace, effects::add);
        }
      }
    }
    if (state.stopping() && !asked) {
      effects.add(new Effect.EndNode());
    }
    return effects;
  }

  /** What a stop has ended is started again, or is a placeholder if it cannot be. */
  private static void comeBack(Turn turn, Name name) {
    Entity e = turn.entity(name);
    if (!(e.life() instanceof Life.Stopped) || e.grant() != null) {
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

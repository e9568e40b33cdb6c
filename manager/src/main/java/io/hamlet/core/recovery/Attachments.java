package io.hamlet.core.recovery;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.model.Tally;
import java.util.List;

/** How entities come and go (ham.md 1.3, 1.10, 2.2). */
final class Attachments {
  private Attachments() {}

  static Reply attach(Turn turn, RequestId id, Command.Attach c) {
    if (c.adopt() == null && c.spec() == null) {
      throw Refused.invalid("attach '" + c.name() + "': give a pid or a command");
    }
    if (c.owner() != null) {
      throw Refused.invalid(
          "attach '" + c.name() + "': who may run it is for the cluster to say; use '--node *'");
    }
    Entity old = vacant(turn, c.name());
    if (c.adopt() != null) {
      refuseTwice(turn, c.adopt());
    }
    boolean filled = old != null;
    Entity entity =
        (filled ? old : born(turn, c.name()))
            .withFlags(filled ? union(old.flags(), c.flags()) : c.flags())
            .withTally(Tally.EMPTY);
    if (c.adopt() != null) {
      turn.put(entity.withShape(Entity.Shape.ATTACHED, c.spec()));
      begin(turn, c.name(), c.adopt(), "", null);
      return handle(turn.entity(c.name()));
    }
    turn.put(entity.withShape(entity.shape(), c.spec()));
    Starts.begin(
        turn,
        c.name(),
        c.spec(),
        null,
        new OpenEffect.Purpose.ForAttach(c.name(), entity.uid(), id, filled));
    return null;
  }

  static Reply attachSelf(Turn turn, Command.AttachSelf asked) {
    Command.AttachSelf c = itself(turn, asked);
    Entity old = turn.entity(c.name());
    if (old != null && old.life() instanceof Life.Starting s && c.caller().equals(s.gate())) {
      // The program was quicker than the news that it runs.
      Starts.started(turn, new HamEvent.Started(s.effect(), s.gate(), null));
      old = turn.entity(c.name());
    }
    if (old != null && old.life() instanceof Life.Up up && up.process().equals(c.caller())) {
      return again(turn, old, up, c);
    }
    old = vacant(turn, c.name());
    refuseTwice(turn, c.caller());
    Entity entity = old == null ? born(turn, c.name()) : old;
    Flags.OfEntity flags = union(entity.flags(), c.flags());
    turn.put(entity.withFlags(flags).withShape(Entity.Shape.ATTACHEDSELF, entity.spec()));
    begin(turn, c.name(), c.caller(), "", c.heartbeat());
    return handle(turn.entity(c.name()));
  }

  /** A program of the cluster's knows itself by its name there. */
  private static Command.AttachSelf itself(Turn turn, Command.AttachSelf c) {
    Entity e = Tenants.here(turn, c.name());
    boolean is =
        e != null
            && (e.life() instanceof Life.Up up && up.process().equals(c.caller())
                || e.life() instanceof Life.Starting s && c.caller().equals(s.gate()));
    return is ? new Command.AttachSelf(e.name(), c.caller(), c.heartbeat(), c.flags()) : c;
  }

  /**
   * A running process becomes the entity, unless it is already.
   *
   * @param again how to start it after a death; null: as was said before, or not at all
   */
  static void supervise(Turn turn, Name name, ProcessId process, ProcessSpec again) {
    Entity old = turn.entity(name);
    boolean isIt =
        old != null
            && switch (old.life()) {
              case Life.Up up -> up.process().equals(process);
              case Life.Starting s -> process.equals(s.gate());
              case Life.None n -> false;
              case Life.GaveUp g -> false;
              case Life.DiedUnseen d -> false;
              case Life.Stopped s -> false;
            };
    if (!isIt || old.life() instanceof Life.Starting) {
      attachSelf(turn, new Command.AttachSelf(name, process, null, Flags.OfEntity.NONE));
    }
    if (again != null) {
      turn.change(name, e -> e.withShape(e.shape(), again));
    }
  }

  /** The same process attaches again: after its restart, or after a takeover. */
  private static Reply again(Turn turn, Entity old, Life.Up up, Command.AttachSelf c) {
    if (old.heartbeat() != null) {
      turn.emit(new Effect.UnwatchBeats(old.uid(), up.number()));
    }
    turn.put(
        old.withFlags(union(old.flags(), c.flags()))
            .withShape(Entity.Shape.ATTACHEDSELF, old.spec())
            .withHeartbeat(c.heartbeat()));
    if (c.heartbeat() != null) {
      turn.emit(new Effect.WatchBeats(old.name(), old.uid(), up.number(), c.heartbeat()));
    }
    return handle(turn.entity(c.name()));
  }

  /** A running process becomes the entity: it is watched, and CONDATTACH fires. */
  private static void begin(
      Turn turn, Name name, ProcessId process, String home, Heartbeat heartbeat) {
    Entity e = turn.entity(name);
    long life = e.stats().starts() + 1;
    turn.put(
        e.withLife(new Life.Up(process, life, home))
            .withHeartbeat(heartbeat)
            .withStats(e.stats().withStarts(life)));
    turn.emit(new Effect.Watch(name, e.uid(), life, process, home));
    if (heartbeat != null) {
      turn.emit(new Effect.WatchBeats(name, e.uid(), life, heartbeat));
    }
    attached(turn, name, process.pid());
  }

  /** Tells of an attachment: always, since the global entity can have a subscriber (ham.md 4). */
  static void attached(Turn turn, Name name, long pid) {
    turn.announce(ObjectPath.of(name), ConditionType.ATTACH.word(), "", "pid " + pid);
    Triggers.fire(turn, name, ConditionType.ATTACH, Triggers.NO_FACT, "");
  }

  static Reply detach(Turn turn, Command.Detach c) {
    Entity e = Targets.entity(turn, c.entity());
    boolean isSelf = e.shape() == Entity.Shape.ATTACHEDSELF;
    boolean placeholder =
        e.shape() == Entity.Shape.UNATTACHED && !(e.life() instanceof Life.Starting);
    if (e.isGlobal() || placeholder) {
      throw Refused.invalid("'" + e.name() + "' is not attached");
    }
    if (isSelf != c.self()) {
      throw Refused.invalid(
          isSelf
              ? "'" + e.name() + "' attached itself; only it can detach"
              : "'" + e.name() + "' did not attach itself; detach it by name");
    }
    turn.announce(ObjectPath.of(e.name()), ConditionType.DETACH.word(), "", "");
    Lives.detached(turn, e);
    return Reply.OK;
  }

  static Reply create(Turn turn, Command.CreateEntity c) {
    if (turn.entities().containsKey(c.name())) {
      throw exists(c.name());
    }
    turn.put(born(turn, c.name()).withFlags(c.flags()));
    return handle(turn.entity(c.name()));
  }

  static Reply handle(Entity entity) {
    return new Reply.Handle(entity.uid(), entity.pid());
  }

  /** The entity of that name if it has no process and may be filled, null if there is none. */
  private static Entity vacant(Turn turn, Name name) {
    Entity old = turn.entity(name);
    if (old == null) {
      return null;
    }
    if (old.isGlobal()) {
      throw Refused.invalid("the global entity exists always and cannot be attached");
    }
    return switch (old.life()) {
      case Life.None n -> old;
      case Life.GaveUp g -> old;
      case Life.Up up -> throw exists(name);
      case Life.Starting s -> throw exists(name);
      case Life.DiedUnseen d -> throw exists(name);
      case Life.Stopped s -> old;
    };
  }

  /** Two entities of one process would both restart it, and there would be two of it. */
  private static void refuseTwice(Turn turn, ProcessId process) {
    for (Entity e : turn.entities().values()) {
      boolean same =
          switch (e.life()) {
            case Life.Up up -> process.equals(up.process());
            case Life.Starting s -> process.equals(s.gate());
            case Life.None n -> false;
            case Life.GaveUp g -> false;
            case Life.DiedUnseen d -> false;
            case Life.Stopped s -> false;
          };
      if (same) {
        throw new Refused(
            Rejection.Reason.EXISTS,
            "process "
                + process.pid()
                + " is the entity '"
                + e.name()
                + "' already; detach that first, or use it");
      }
    }
  }

  static Entity born(Turn turn, Name name) {
    if (name.isGlobal()) {
      throw Refused.invalid("the global entity exists always and cannot be made");
    }
    if (turn.entities().size() >= turn.limits().entities()) {
      throw new Refused(
          Rejection.Reason.LIMIT, "there are " + turn.limits().entities() + " entities already");
    }
    return new Entity(
        name,
        turn.newUid(),
        Entity.Shape.UNATTACHED,
        Flags.OfEntity.NONE,
        true,
        null,
        Life.NONE,
        0,
        null,
        List.of(),
        List.of(),
        Tally.EMPTY,
        null,
        Entity.Stats.born(turn.at()),
        null);
  }

  private static Flags.OfEntity union(Flags.OfEntity a, Flags.OfEntity b) {
    return new Flags.OfEntity(a.bits() | b.bits());
  }

  static Refused exists(Name name) {
    return new Refused(
        Rejection.Reason.EXISTS,
        "an entity '" + name + "' exists; detach it first or choose another name");
  }

  /** The command to start an entity with, or null. */
  static ProcessSpec command(Entity entity, List<String> argv) {
    if (argv.isEmpty()) {
      return entity.spec();
    }
    return entity.spec() == null ? ProcessSpec.of(argv) : entity.spec().withArgv(argv);
  }
}

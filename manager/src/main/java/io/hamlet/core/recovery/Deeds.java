package io.hamlet.core.recovery;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.Lane;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import java.util.List;

/** Performs what an action or an alternate does (ham.md 2.5). */
final class Deeds {
  private Deeds() {}

  /**
   * One deed to perform for the head of a lane.
   *
   * @param riders occurrences behind it that it is performed for as well
   */
  record Task(Lane lane, Occurrence head, Name action, Deed deed, int riders) {
    Task(Lane lane, Occurrence head, Name action, Deed deed) {
      this(lane, head, action, deed, 0);
    }

    ObjectPath path() {
      return new ObjectPath(head.entity(), head.condition(), action);
    }
  }

  static Outcome perform(Turn turn, Task task) {
    return switch (task.deed()) {
      case Deed.Restart d -> Restarts.perform(turn, task, d);
      case Deed.Execute d -> execute(turn, task, turn.addressed(d));
      case Deed.WaitFor d -> waitFor(turn, task, d);
      case Deed.Pulse d -> turn.isHere(d.node()) ? pulse(turn, d) : ask(turn, task, d, List.of());
      case Deed.Signal d -> signal(turn, task, d);
      case Deed.HeartbeatHealthy d -> {
        Beats.heal(turn, task.head().trigger().entity(), task.head().trigger().uid());
        yield new Outcome.Done();
      }
      case Deed.Log d -> {
        if (d.verbosity() <= turn.verbosity()) {
          turn.emit(new Effect.WriteLog(turn.at(), d.prefix() ? task.path() : null, d.message()));
        }
        yield new Outcome.Done();
      }
    };
  }

  private static Outcome execute(Turn turn, Task task, Deed.Execute d) {
    Trigger why = task.head().trigger();
    List<ProcessSpec.Variable> environment = environment(turn, task.path(), why);
    if (!turn.isHere(d.node())) {
      return ask(turn, task, d, environment);
    }
    return new Outcome.Pending(
        Starts.beginCommand(
            turn,
            ProcessSpec.of(d.argv()),
            environment,
            why.entity().value(),
            new OpenEffect.Purpose.ForLane(task.lane())));
  }

  /** What a command is told about the event (cli.md 3). */
  static List<ProcessSpec.Variable> environment(Turn turn, ObjectPath path, Trigger why) {
    return List.of(
        new ProcessSpec.Variable("HAM_NODE", why.node().isEmpty() ? turn.node() : why.node()),
        new ProcessSpec.Variable("HAM_ENTITY", why.entity().value()),
        new ProcessSpec.Variable("HAM_CONDITION", path.condition().value()),
        new ProcessSpec.Variable("HAM_ACTION", path.action().value()),
        new ProcessSpec.Variable("HAM_PID", Long.toString(why.pid())),
        new ProcessSpec.Variable("HAM_EVENT", why.type().word()),
        new ProcessSpec.Variable("HAM_REASON", why.reason()));
  }

  private static Outcome waitFor(Turn turn, Task task, Deed.WaitFor d) {
    EffectId id = turn.newEffect();
    long until = turn.at().bootNanos() + d.delay().toNanos();
    turn.open(
        id, new OpenEffect.Purpose.ForLane(task.lane()), new OpenEffect.Work.Wait(d.path(), until));
    turn.wakeAt(until, id);
    if (!d.path().isEmpty()) {
      turn.emit(new Effect.AwaitPath(id, d.path()));
    }
    return new Outcome.Pending(id);
  }

  /** Puts the pulse into a channel of this node. */
  static Outcome pulse(Turn turn, Deed.Pulse d) {
    Outcome outcome = put(turn, d);
    if (outcome instanceof Outcome.Done) {
      turn.emit(new Effect.PulsesWaiting(d.pid(), d.channel()));
    }
    return outcome;
  }

  /** The same so many times, or until it fails. */
  static Outcome pulses(Turn turn, Deed.Pulse d, int times) {
    int done = 0;
    Outcome outcome = new Outcome.Done(times + " times");
    while (done < times && outcome instanceof Outcome.Done) {
      if (put(turn, d) instanceof Outcome.Failed f) {
        outcome = new Outcome.Failed(f.why(), f.keep(), done);
      } else {
        done++;
      }
    }
    if (done > 0) {
      turn.emit(new Effect.PulsesWaiting(d.pid(), d.channel()));
    }
    return outcome;
  }

  private static Outcome put(Turn turn, Deed.Pulse d) {
    ChannelId id = new ChannelId(d.pid(), d.channel());
    Channel channel = turn.channels().get(id);
    if (channel == null) {
      return Outcome.failed("process " + d.pid() + " has no channel " + d.channel());
    }
    if (channel.pulses().size() >= turn.limits().pulsesPerChannel()) {
      return Outcome.failed("channel " + d.channel() + " of process " + d.pid() + " is full");
    }
    Channel.Pulse pulse = new Channel.Pulse(channel.next(), d.code(), d.value());
    Channel fuller = new Channel(channel.owner(), channel.next() + 1, channel.pulses().plus(pulse));
    turn.channels(turn.channels().plus(id, fuller));
    return new Outcome.Done();
  }

  private static Outcome signal(Turn turn, Task task, Deed.Signal d) {
    if (!turn.isHere(d.node())) {
      return d.process() == null
          ? Outcome.failed("the entity has no process on node '" + d.node() + "'")
          : ask(turn, task, d, List.of());
    }
    Trigger why = task.head().trigger();
    ProcessId process = d.process() != null ? d.process() : current(turn, why);
    if (process == null) {
      return Outcome.failed("'" + why.entity() + "' has no process");
    }
    return signal(turn, process, d, new OpenEffect.Purpose.ForLane(task.lane()));
  }

  /** Signals a process of this node. */
  static Outcome signal(Turn turn, ProcessId process, Deed.Signal d, OpenEffect.Purpose purpose) {
    EffectId id = turn.newEffect();
    turn.open(
        id, purpose, new OpenEffect.Work.Signalling(process, d.signal(), d.code(), d.value()));
    turn.emit(new Effect.Signal(id, process, d.signal(), d.code(), d.value()));
    return new Outcome.Pending(id);
  }

  private static Outcome ask(
      Turn turn, Task task, Deed deed, List<ProcessSpec.Variable> environment) {
    return Asks.begin(
        turn,
        new Errand(deed, environment, 1 + task.riders()),
        new OpenEffect.Purpose.ForLane(task.lane()));
  }

  private static ProcessId current(Turn turn, Trigger why) {
    Entity e = turn.entity(why.entity(), why.uid());
    return e != null && e.life() instanceof Life.Up up ? up.process() : null;
  }
}

package io.hamlet.manager.wire;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import java.time.Duration;

/** Random events, commands and log entries, of every kind. */
public class RandomEvents extends RandomEntities {
  public RandomEvents(long seed) {
    super(seed);
  }

  /** Any entry. */
  public Entry entry() {
    return new Entry(entryId(), moment(), event());
  }

  /** Any event. */
  public HamEvent event() {
    return one(
        () -> new HamEvent.Requested(requestId(), command()),
        () -> new HamEvent.Prepared(effectId(), processId(), orNull(this::text)),
        () -> new HamEvent.Started(effectId(), processId(), orNull(this::text)),
        () -> new HamEvent.Done(effectId()),
        () -> new HamEvent.Failed(effectId(), text()),
        () -> new HamEvent.Failed(effectId(), text(), below(99)),
        () -> new HamEvent.NeverRan(effectId()),
        () -> new HamEvent.Died(name(), number(), number(), exit()),
        () -> new HamEvent.ExitLearned(name(), number(), number(), exit()),
        () -> new HamEvent.BeatsMissed(name(), number(), number(), bool(), integer()),
        () -> new HamEvent.TimePassed(),
        () -> new HamEvent.ChannelLost(number(), integer()),
        () -> new HamEvent.Asked(errandId(), errand(), number(), number()),
        () -> new HamEvent.TookOver(text(), text(), number(), number(), bool()),
        () -> new HamEvent.GuardianChanged(number(), bool()),
        () ->
            new HamEvent.NodeLost(text(), pick(Proof.values()), orNull(() -> pick(Proof.values()))),
        () -> new HamEvent.Silent(name(), number(), number()),
        () -> new HamEvent.QuorumChanged(bool()),
        () -> new HamEvent.NodeJoined(text()),
        () -> new HamEvent.Denied(effectId(), text()),
        () -> new HamEvent.Granted(name(), grant(), entity()),
        () -> new HamEvent.Revoked(name(), number(), text(), Duration.ofNanos(number())),
        () -> new HamEvent.RightLost(text(), Duration.ofNanos(number())),
        () -> new HamEvent.RightGained(number()));
  }

  /** Any command that a tree's log may hold. */
  public Command command() {
    return one(
        () ->
            new Command.Attach(name(), orNull(this::processId), orNull(this::spec), entityFlags()),
        () -> new Command.AttachSelf(name(), processId(), orNull(this::heartbeat), entityFlags()),
        () -> new Command.Detach(target(), bool()),
        () -> new Command.CreateEntity(name(), entityFlags()),
        () -> new Command.Control(target(), pick(Command.ControlVerb.values()), integer(), bool()),
        () ->
            new Command.AddCondition(
                target(),
                name(),
                pick(ConditionType.values()),
                filter(),
                conditionFlags(),
                pick(Flags.Rearm.values())),
        () -> new Command.Remove(target()),
        () ->
            new Command.AddAction(
                target(), name(), deed(), actionFlags(), pick(Flags.Rearm.values())),
        () -> new Command.AddFailItem(target(), name(), deed()),
        () -> new Command.RemoveFailItem(target(), name()),
        () -> new Command.PublishState(target(), integer()),
        () -> new Command.PublishRaise(target(), integer(), integer(), integer()),
        () -> new Command.HeartbeatControl(pick(Command.HeartbeatVerb.values())),
        () -> new Command.Verbose(pick(Command.VerboseVerb.values()), integer()),
        () -> new Command.Resume(target()),
        () -> new Command.Sam(name(), text(), new RandomSam(below(1 << 30)).call()),
        () -> new RandomSam(below(1 << 30)).group(),
        () -> new Command.OpenChannel(processId()),
        () -> new Command.AcknowledgePulses(number(), integer(), number()),
        () -> new Command.CloseChannel(number(), integer()),
        () -> new Command.Stop(bool(), Command.Stop.KILL_AFTER));
  }

  Rejection rejection() {
    return new Rejection(pick(Rejection.Reason.values()), text());
  }
}

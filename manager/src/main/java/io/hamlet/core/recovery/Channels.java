package io.hamlet.core.recovery;

import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/** Channels for pulses: a pulse is kept until its receiver has it (architecture.md 6). */
final class Channels {
  private Channels() {}

  /** Answers with the number of the new channel, the lowest that this process does not use. */
  static Reply open(Turn turn, ProcessId owner) {
    if (turn.channels().size() >= turn.limits().channels()) {
      throw new Refused(
          Rejection.Reason.LIMIT,
          "there are " + turn.limits().channels() + " channels; close some");
    }
    int number = 1;
    while (isTaken(turn, owner, number)) {
      number++;
    }
    turn.channels(
        turn.channels()
            .plus(new ChannelId(owner.pid(), number), new Channel(owner, 1, TreePVector.empty())));
    return new Reply.Number(number);
  }

  static Reply acknowledge(Turn turn, Command.AcknowledgePulses c) {
    ChannelId id = new ChannelId(c.pid(), c.channel());
    Channel channel = turn.channels().get(id);
    if (channel == null) {
      throw Refused.invalid("process " + c.pid() + " has no channel " + c.channel());
    }
    PVector<Channel.Pulse> left = channel.pulses();
    while (!left.isEmpty() && left.getFirst().number() <= c.upTo()) {
      left = left.minus(0);
    }
    if (left != channel.pulses()) {
      turn.channels(turn.channels().plus(id, new Channel(channel.owner(), channel.next(), left)));
    }
    return Reply.OK;
  }

  static void close(Turn turn, ChannelId id) {
    if (turn.channels().containsKey(id)) {
      turn.channels(turn.channels().minus(id));
    }
  }

  /** A channel left by an earlier process of the same pid is no obstacle: it is replaced. */
  private static boolean isTaken(Turn turn, ProcessId owner, int number) {
    Channel there = turn.channels().get(new ChannelId(owner.pid(), number));
    return there != null && there.owner().equals(owner);
  }
}

package io.hamlet.core.recovery;

import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;

/** Where requests of clients are served. A refusal is thrown and leaves no trace. */
final class Desk {
  private Desk() {}

  static void serve(Turn turn, HamEvent.Requested request) {
    RequestId id = request.id();
    switch (Clients.known(turn.clients(), id)) {
      case Client.Given given -> turn.emit(new Effect.Answer(id, given.reply()));
      case Client.Pending pending -> {
        // Its answer will come from the effect in flight.
      }
      case null -> {
        refuseWhileStopping(turn, request.command());
        Tenants.refuse(turn, request.command());
        Reply reply = perform(turn, id, request.command());
        if (reply == null) {
          Clients.remember(turn, id, new Client.Pending());
        } else {
          if (!isReading(request.command())) {
            Clients.remember(turn, id, new Client.Given(reply));
          }
          turn.emit(new Effect.Answer(id, reply));
        }
      }
    }
  }

  /** The reply, or null when an effect in flight will bring it. */
  private static Reply perform(Turn turn, RequestId id, Command command) {
    return switch (command) {
      case Command.Attach c ->
          turn.isOfCluster() ? Definitions.define(turn, c) : Attachments.attach(turn, id, c);
      case Command.AttachSelf c -> Attachments.attachSelf(turn, c);
      case Command.Detach c ->
          turn.isOfCluster() ? Definitions.drop(turn, c) : Attachments.detach(turn, c);
      case Command.CreateEntity c -> Attachments.create(turn, c);
      case Command.Control c -> Controls.control(turn, c);
      case Command.AddCondition c -> Registry.addCondition(turn, c);
      case Command.AddAction c -> Registry.addAction(turn, c);
      case Command.AddFailItem c -> Registry.addFailItem(turn, c);
      case Command.RemoveFailItem c -> Removals.removeFailItem(turn, c);
      case Command.Remove c -> Removals.remove(turn, c);
      case Command.PublishState c -> {
        Definitions.refuseOf(turn, c.entity());
        yield Publications.state(turn, c);
      }
      case Command.PublishRaise c -> {
        Definitions.refuseOf(turn, c.entity());
        yield Publications.raise(turn, c);
      }
      case Command.HeartbeatControl c -> Beats.control(turn, c.verb());
      case Command.Verbose c -> verbose(turn, c);
      case Command.Resume c ->
          turn.isOfCluster() ? Definitions.resume(turn, c) : Starts.resume(turn, c);
      case Command.Sam c -> SamDesk.call(turn, id, c);
      case Command.Group c -> Groups.call(turn, c);
      case Command.OfCluster c ->
          throw Refused.invalid("this can be asked of the cluster only, not of a node: '--node *'");
      case Command.OpenChannel c -> Channels.open(turn, c.owner());
      case Command.AcknowledgePulses c -> Channels.acknowledge(turn, c);
      case Command.CloseChannel c -> {
        Channels.close(turn, new ChannelId(c.pid(), c.channel()));
        yield Reply.OK;
      }
      case Command.Stop c -> Stopping.begin(turn, id, c);
    };
  }

  private static boolean isReading(Command command) {
    return switch (command) {
      case Command.Control c -> c.verb() == Command.ControlVerb.GET_FLAGS;
      case Command.Verbose c -> c.verb() == Command.VerboseVerb.GET;
      case Command.HeartbeatControl c -> c.verb() == Command.HeartbeatVerb.QUERY;
      // Acknowledgements are many, and doing one twice does nothing.
      case Command.AcknowledgePulses c -> true;
      default -> false;
    };
  }

  private static void refuseWhileStopping(Turn turn, Command command) {
    if (turn.stopping() && !(command instanceof Command.Stop)) {
      throw new Refused(
          Rejection.Reason.UNAVAILABLE, "the node is being stopped; ask again when it runs");
    }
  }

  private static Reply verbose(Turn turn, Command.Verbose c) {
    int step = c.value() == 0 ? 1 : c.value();
    long level =
        switch (c.verb()) {
          case INCREASE -> (long) turn.verbosity() + step;
          case DECREASE -> (long) turn.verbosity() - step;
          case SET -> c.value();
          case GET -> turn.verbosity();
        };
    turn.verbosity(Math.clamp(level, 0, 1_000_000));
    return new Reply.Number(turn.verbosity());
  }
}

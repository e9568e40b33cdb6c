package io.hamlet.core.recovery;

import io.hamlet.core.model.Refused;
import java.util.List;

/**
 * The brain of a tree: entry in, next state and effects out. Pure, total and deterministic
 * (models.md 3.3).
 */
public final class HamMachine {
  private HamMachine() {}

  /**
   * What an entry does to a state. Total: an event that does not fit is ignored or answered with a
   * rejection, and {@link Step#changed} is false.
   */
  public static Step apply(HamState state, Entry entry) {
    Turn turn = new Turn(state, entry);
    if (entry.event() instanceof HamEvent.Requested request) {
      try {
        Desk.serve(turn, request);
      } catch (Refused refused) {
        Reply no = new Reply.No(refused.rejection());
        return new Step(state, false, List.of(new Effect.Answer(request.id(), no)));
      }
    } else {
      observe(turn, entry.event());
    }
    Stopping.check(turn);
    Lanes.settle(turn);
    Sams.follow(turn);
    Lanes.settle(turn);
    return turn.finish();
  }

  /**
   * All effects that a new acting HAM must have performed for a state it took over: watches, open
   * effects (marked repeated where that matters), beats, waiting pulses. The effects with an id
   * that the entry TookOver itself caused are among them.
   */
  public static List<Effect> resume(HamState state) {
    return Reign.resume(state);
  }

  private static void observe(Turn turn, HamEvent event) {
    switch (event) {
      case HamEvent.Requested r -> throw new IllegalStateException("served at the desk: " + r);
      case HamEvent.Prepared p -> Starts.prepared(turn, p);
      case HamEvent.Started s -> Starts.started(turn, s);
      case HamEvent.Done d -> Lanes.done(turn, d.effect());
      case HamEvent.Failed f -> Starts.failed(turn, f);
      case HamEvent.NeverRan n -> Starts.neverRan(turn, n.effect());
      case HamEvent.Denied d -> Tenants.denied(turn, d);
      case HamEvent.Died d -> Lives.died(turn, d);
      case HamEvent.ExitLearned l -> Lives.exitLearned(turn, l);
      case HamEvent.BeatsMissed b -> Beats.missed(turn, b);
      case HamEvent.TimePassed t -> Deadlines.passed(turn);
      case HamEvent.Silent s -> Sams.silent(turn, s);
      case HamEvent.QuorumChanged q -> Sams.quorumChanged(turn, q.quorate());
      case HamEvent.ChannelLost c -> Channels.close(turn, new ChannelId(c.pid(), c.channel()));
      case HamEvent.Asked a -> Errands.asked(turn, a);
      case HamEvent.TookOver t -> Reign.tookOver(turn, t);
      case HamEvent.GuardianChanged g -> Reign.guardianChanged(turn, g);
      case HamEvent.NodeLost l -> Absences.lost(turn, l);
      case HamEvent.NodeJoined j -> Absences.joined(turn, j);
      case HamEvent.Granted g -> Tenants.granted(turn, g);
      case HamEvent.Revoked r -> Tenants.revoked(turn, r);
      case HamEvent.RightLost l -> {
        Tenants.rightLost(turn, l);
        Sams.quorumChanged(turn, false);
      }
      case HamEvent.RightGained g -> {
        Tenants.rightGained(turn, g);
        Sams.quorumChanged(turn, true);
      }
    }
  }
}

package io.hamlet.core.recovery;

import io.hamlet.core.model.Action;
import io.hamlet.core.model.Condition;
import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Life;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Effects and trees as lines of a scenario. */
final class Telling {
  private Telling() {}

  static String line(Effect effect) {
    return switch (effect) {
      case Effect.Prepare e ->
          "prepare "
              + String.join(" ", e.spec().argv())
              + (e.remains() == null
                  ? ""
                  : ", ending what is left of " + e.remains().process().pid());
      case Effect.Go e -> "start " + e.gate().pid() + (e.repeated() ? ", if it has not begun" : "");
      case Effect.Abandon e -> "abandon the start";
      case Effect.Watch e -> "watch " + e.entity() + " " + e.process().pid();
      case Effect.Unwatch e -> "watch no more";
      case Effect.End e -> "end " + e.process().pid();
      case Effect.Quell e ->
          "quell "
              + e.those().stream()
                  .map(r -> Long.toString(r.process().pid()))
                  .collect(Collectors.joining(" "));
      case Effect.AwaitPath e -> "await " + e.path();
      case Effect.Forget e -> "await no more";
      case Effect.Signal e -> "signal " + e.signal() + " to " + e.process().pid();
      case Effect.Ask e ->
          "ask " + e.errand().node() + " for " + e.errand().word() + (e.repeated() ? " again" : "");
      case Effect.Report e -> "report to " + e.id().tree() + ": " + e.fate();
      case Effect.WriteLog e ->
          "log " + (e.prefix() == null ? "" : e.prefix() + ": ") + e.message();
      case Effect.WatchBeats e ->
          "watch beats of "
              + e.entity()
              + ", low "
              + e.heartbeat().lowMark()
              + " high "
              + e.heartbeat().highMark();
      case Effect.HealBeats e -> "count beats anew";
      case Effect.UnwatchBeats e -> "watch beats no more";
      case Effect.SuspendBeats e -> e.suspended() ? "suspend all beats" : "count all beats anew";
      case Effect.WatchSilence e ->
          "listen to " + e.program() + " for " + e.firstNanos() / 1_000_000 + " ms";
      case Effect.UnwatchSilence e -> "listen no more";
      case Effect.PulsesWaiting e -> "pulses wait for " + e.pid() + "/" + e.channel();
      case Effect.Announce e -> "* " + happening(e.happening());
      case Effect.Answer e -> answer(e.reply());
      case Effect.EndNode e -> "end the node";
    };
  }

  /** The entities, what is below them, and what is under way. */
  static List<String> tree(HamState state) {
    List<String> lines = new ArrayList<>();
    for (Entity e : state.entities().values()) {
      lines.add(
          "| "
              + e.name()
              + " "
              + e.shape()
              + " "
              + life(e)
              + ", deaths "
              + e.stats().deaths()
              + ", restarts "
              + e.stats().restarts()
              + (e.enabled() ? "" : ", disabled"));
      for (Condition c : e.conditions()) {
        boolean rearm = c.flags().has(Flags.OfCondition.REARM);
        lines.add("|   " + c.name() + " " + c.type().word() + (rearm ? " rearmed" : ""));
        for (Action a : c.actions()) {
          boolean again = a.flags().has(Flags.OfAction.REARM);
          lines.add("|     " + a.name() + (again ? " rearmed" : ""));
        }
      }
    }
    lines.add("| under way: " + state.open().size() + ", lanes: " + state.lanes().size());
    return lines;
  }

  private static String life(Entity e) {
    return switch (e.life()) {
      case Life.None n -> "without process";
      case Life.Starting s -> "starting";
      case Life.Up up -> "runs as " + up.process().pid();
      case Life.DiedUnseen d -> "died unseen";
      case Life.GaveUp g -> "given up";
      case Life.Stopped s -> "stopped with the node";
    };
  }

  private static String happening(Happening h) {
    String where = h.path().isEmpty() ? "" : " " + h.path();
    return h.event() + where + (h.reason().isEmpty() ? "" : " (" + h.reason() + ")");
  }

  private static String answer(Reply reply) {
    return switch (reply) {
      case Reply.Ok ok -> "-> ok";
      case Reply.Number number -> "-> " + number.value();
      case Reply.Handle handle -> "-> handle, pid " + handle.pid();
      case Reply.No no ->
          "-> refused, " + no.rejection().reason() + ": " + no.rejection().message();
    };
  }
}

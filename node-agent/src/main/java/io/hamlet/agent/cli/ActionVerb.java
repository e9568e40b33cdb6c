package io.hamlet.agent.cli;

import io.hamlet.client.Action;
import io.hamlet.client.Deed;
import io.hamlet.client.Flag;
import io.hamlet.client.Rearm;
import io.hamlet.client.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code ham action}, all kinds, as an action or as an alternate of one. */
final class ActionVerb implements Verb {
  private static final Map<String, Flag.OfAction> FLAGS =
      Map.of(
          "now", Flag.OfAction.DO_NOW,
          "break-on-fail", Flag.OfAction.BREAK_ON_FAIL,
          "keep-on-fail", Flag.OfAction.KEEP_ON_FAIL);

  @Override
  public Spec spec() {
    return Spec.of(
            "action",
            "ENTITY/CONDITION/ACTION KIND [WORD]",
            "add an action to a condition",
            Opt.value("budget", "N/D", "restart: at most N in D, then give up"),
            Opt.value("backoff", "MIN..MAX", "restart: wait between tries"),
            Opt.flag("now", "execute: once at once, too"),
            Opt.value("to-node", "NODE", "execute, signal, pulse: on that node"),
            Opt.value("delay", "D", "waitfor: at most so long"),
            Opt.value("path", "FILE", "waitfor: until this exists"),
            Opt.value("pid", "PID|self", "signal, pulse: to this process"),
            Opt.value("code", "C", "signal: its code"),
            Opt.value("value", "V", "signal, pulse: its value"),
            Opt.value("channel", "C", "pulse: to this channel"),
            Opt.value("pulse", "P", "pulse: its code"),
            Opt.flag("prefix", "log: the path of the action in front"),
            Opt.value("verbosity", "N", "log: only at this level or above"),
            Opt.flag("rearm", "keep it after a restart of the entity"),
            Opt.flag("no-rearm", "remove it after a restart (usual for deaths)"),
            Opt.flag("break-on-fail", "if it fails, leave out those behind it"),
            Opt.flag("keep-on-fail", "keep it although it failed"),
            Opt.value("on-fail-of", "ACTION", "make it an alternate of that action"))
        .tail("CMD ARG...")
        .details(
            """
              KIND is restart [-- CMD], execute -- CMD, waitfor, signal SIG, pulse, log MESSAGE or
              healthy. The command of an execute gets HAM_NODE, HAM_ENTITY, HAM_CONDITION,
              HAM_ACTION, HAM_PID, HAM_EVENT and HAM_REASON. A restart without command starts the
              entity's own again: at once, always, unless --budget or --backoff says otherwise.
            """);
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    Place place = Place.of(call, args.positional(0), "entity/condition/action");
    Deed deed = Deeds.read(args, call.caller());
    Rearm rearm = ConditionVerb.rearm(args);
    Flag.OfAction[] flags = flags(args);
    String kind = args.positional(1);
    if (!args.has("on-fail-of")) {
      Action made = place.condition().action(place.last(), deed, rearm, flags);
      return call.changed(
          made.receipt(),
          made.path() + " does " + kind,
          Json.object("node", made.node(), "path", made.path(), "type", kind));
    }
    if (rearm != Rearm.DEFAULT || flags.length > 0) {
      throw args.wrong("an alternate (--on-fail-of) has no flags of its own");
    }
    Action main = place.action(args.text("on-fail-of"));
    Receipt receipt = main.onFail(place.last(), deed);
    return call.changed(
        receipt,
        "when " + main.path() + " fails, " + place.last() + " does " + kind,
        Json.object(
            "node", receipt.node(), "path", main.path(), "on_fail", place.last(), "type", kind));
  }

  private static Flag.OfAction[] flags(Args args) {
    List<Flag.OfAction> flags = new ArrayList<>();
    for (Flag.OfAction flag : Flag.OfAction.values()) {
      FLAGS.forEach(
          (option, its) -> {
            if (its == flag && args.has(option)) {
              flags.add(flag);
            }
          });
    }
    return flags.toArray(Flag.OfAction[]::new);
  }
}

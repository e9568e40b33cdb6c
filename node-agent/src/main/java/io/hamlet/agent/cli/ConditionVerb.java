package io.hamlet.agent.cli;

import io.hamlet.client.Condition;
import io.hamlet.client.ConditionSpec;
import io.hamlet.client.ConditionType;
import io.hamlet.client.Flag;
import io.hamlet.client.Proof;
import io.hamlet.client.Rearm;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@code ham condition}. */
final class ConditionVerb implements Verb {
  private static final List<String> OF_STATE =
      List.of("from", "to", "from-set", "to-set", "invert-from", "invert-to");
  private static final List<String> OF_LOSS = List.of("proof");
  private static final List<String> OF_RAISE = List.of("type", "class", "severity");

  @Override
  public Spec spec() {
    return Spec.of(
            "condition",
            "ENTITY/CONDITION TYPE",
            "add a condition to an entity",
            Opt.value("from", "S", "of state: the state that is left"),
            Opt.value("to", "S", "of state: the state that is entered"),
            Opt.value("from-set", "M", "of state: any of these bits"),
            Opt.value("to-set", "M", "of state: any of these bits"),
            Opt.flag("invert-from", "of state: any other than that"),
            Opt.flag("invert-to", "of state: any other than that"),
            Opt.value("type", "T", "of raise"),
            Opt.value("class", "C", "of raise"),
            Opt.value("severity", "V", "of raise"),
            Opt.value("proof", "P", "of node-lost: none, lease, obituary or fenced must be known"),
            Opt.flag("rearm", "keep it after a restart of the entity"),
            Opt.flag("no-rearm", "remove it after a restart (usual for deaths)"),
            Opt.flag("independent", "its actions run beside those of others"),
            Opt.flag("no-wait", "it never holds a waitfor action"),
            Opt.flag("keep-on-empty", "keep it when its last action is gone"))
        .details("  TYPE is one of:\n    " + String.join("\n    ", words()) + "\n");
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    Place place = Place.of(call, args.positional(0), "entity/condition");
    ConditionType type = type(args);
    refuse(args, OF_STATE, type == ConditionType.STATE, "state");
    refuse(args, OF_LOSS, type == ConditionType.NODE_LOST, "node-lost");
    refuse(args, OF_RAISE, type == ConditionType.RAISE, "raise");
    Condition made = place.entity().condition(place.last(), condition(args, type));
    return call.changed(
        made.receipt(),
        made.path() + " waits for " + type.word(),
        Json.object("node", made.node(), "path", made.path(), "type", type.word()));
  }

  static List<String> words() {
    return Arrays.stream(ConditionType.values()).map(ConditionType::word).sorted().toList();
  }

  static Rearm rearm(Args args) {
    if (args.has("rearm") && args.has("no-rearm")) {
      throw args.wrong("--rearm and --no-rearm exclude each other");
    }
    return args.has("rearm") ? Rearm.ON : args.has("no-rearm") ? Rearm.OFF : Rearm.DEFAULT;
  }

  private static ConditionSpec condition(Args args, ConditionType type) {
    Set<Flag.OfCondition> flags = EnumSet.noneOf(Flag.OfCondition.class);
    add(flags, args, "independent", Flag.OfCondition.INDEPENDENT);
    add(flags, args, "no-wait", Flag.OfCondition.NO_WAIT);
    add(flags, args, "keep-on-empty", Flag.OfCondition.KEEP_ON_EMPTY);
    add(flags, args, "from-set", Flag.OfCondition.STATE_FROM_SET);
    add(flags, args, "to-set", Flag.OfCondition.STATE_TO_SET);
    add(flags, args, "invert-from", Flag.OfCondition.STATE_FROM_INVERSE);
    add(flags, args, "invert-to", Flag.OfCondition.STATE_TO_INVERSE);
    return new ConditionSpec(
        type,
        oneOf(args, "from", "from-set"),
        oneOf(args, "to", "to-set"),
        args.number("type", 0),
        args.number("class", 0),
        args.number("severity", 0),
        proof(args),
        flags,
        rearm(args));
  }

  private static ConditionType type(Args args) {
    String word = args.positional(1);
    for (ConditionType type : ConditionType.values()) {
      if (type.word().equals(word)) {
        return type;
      }
    }
    throw args.wrong("there is no type '" + word + "'; there are " + String.join(", ", words()));
  }

  private static Proof proof(Args args) {
    if (!args.has("proof")) {
      return Proof.NONE;
    }
    for (Proof proof : Proof.values()) {
      if (proof.word().equals(args.text("proof"))) {
        return proof;
      }
    }
    throw args.wrong("--proof is none, lease, obituary or fenced");
  }

  private static void refuse(Args args, List<String> options, boolean belong, String type) {
    for (String option : options) {
      if (args.has(option) && !belong) {
        throw args.wrong("--" + option + " belongs to conditions of type " + type);
      }
    }
  }

  private static int oneOf(Args args, String single, String set) {
    if (args.has(single) && args.has(set)) {
      throw args.wrong("--" + single + " and --" + set + " exclude each other");
    }
    return args.has(set) ? args.number(set, 0) : args.number(single, 0);
  }

  private static void add(
      Set<Flag.OfCondition> flags, Args args, String option, Flag.OfCondition flag) {
    if (args.has(option)) {
      flags.add(flag);
    }
  }
}

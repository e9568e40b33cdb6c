package io.hamlet.agent.cli;

import io.hamlet.client.Action;
import io.hamlet.client.Answer;
import io.hamlet.client.Condition;
import io.hamlet.client.Entity;
import io.hamlet.client.Flag;
import io.hamlet.client.HamObject;
import io.hamlet.client.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code ham flags}. */
final class FlagsVerb implements Verb {
  /** A change that begins with a dash and is no option. */
  static final Pattern TAKEN = Pattern.compile("-[a-z][a-z]+[a-z,-]*");

  static final Spec SPEC =
      Spec.of("flags", "PATH [+F|-F|=F,...]", "show or change the flags of an object")
          .details(
              """
                +F adds, -F takes away, =F replaces; F may be a comma list, and = alone clears all.
                Entity: keep-on-death. Condition: rearm, independent, no-wait, keep-on-empty,
                state-from-set, state-to-set, state-from-inverse, state-to-inverse.
                Action: rearm, break-on-fail, keep-on-fail.
              """);

  @Override
  public Spec spec() {
    return SPEC;
  }

  @Override
  public ExitCode run(Call call) throws InterruptedException {
    Args args = call.args();
    HamObject object = call.at(args.positional(0));
    Flag[] all = kinds(object);
    List<String> changes = args.positionals().subList(1, args.positionals().size());
    if (changes.isEmpty()) {
      int bits = object.flags();
      return print(call, object, bits, null, all);
    }
    List<Change> read = changes.stream().map(c -> Change.read(args, c, all)).toList();
    Answer<Integer> answer = null;
    for (Change change : read) {
      answer =
          switch (change.sign()) {
            case '+' -> object.addFlags(change.flags());
            case '-' -> object.removeFlags(change.flags());
            default -> object.setFlags(change.flags());
          };
    }
    return print(call, object, answer.value(), answer.receipt(), all);
  }

  private static ExitCode print(
      Call call, HamObject object, int bits, Receipt receipt, Flag[] all) {
    List<String> names = new ArrayList<>();
    for (Flag flag : all) {
      if ((bits & flag.bit()) != 0) {
        names.add(word(flag));
      }
    }
    Map<String, Object> document =
        Json.object("path", object.path(), "flags", bits, "names", names);
    String text = names.isEmpty() ? "none" : String.join(",", names);
    if (receipt != null) {
      return call.changed(receipt, text, document);
    }
    if (call.isJson()) {
      call.printJson(document);
    } else {
      call.print(text);
    }
    return ExitCode.DONE;
  }

  private static Flag[] kinds(HamObject object) {
    return switch (object) {
      case Entity entity -> Flag.OfEntity.values();
      case Condition condition -> Flag.OfCondition.values();
      case Action action -> Flag.OfAction.values();
    };
  }

  private static String word(Flag flag) {
    return ((Enum<?>) flag).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** One {@code +F}, {@code -F} or {@code =F}. */
  private record Change(char sign, Flag[] flags) {
    static Change read(Args args, String text, Flag[] all) {
      if (text.isEmpty() || "+-=".indexOf(text.charAt(0)) < 0) {
        throw args.wrong("'" + text + "' is not of the form +F, -F or =F");
      }
      List<Flag> flags = new ArrayList<>();
      for (String word : text.substring(1).split(",")) {
        if (!word.isEmpty()) {
          flags.add(find(args, word, all));
        }
      }
      return new Change(text.charAt(0), flags.toArray(Flag[]::new));
    }

    private static Flag find(Args args, String word, Flag[] all) {
      for (Flag flag : all) {
        if (word(flag).equals(word)) {
          return flag;
        }
      }
      throw args.wrong("an object of this kind has no flag '" + word + "'");
    }
  }
}

package io.hamlet.core.recovery;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Proof;
import io.hamlet.core.model.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells a scenario file: lines at the margin are commands, indented lines are what came of them, a
 * line with {@code #} is a remark. The words of the commands are the cases of {@link #perform}.
 */
final class Scenario {
  private final Bed bed = new Bed();

  /** The same file with what really comes of each command. */
  static String told(String file) {
    Scenario scenario = new Scenario();
    StringBuilder out = new StringBuilder();
    for (String line : (Iterable<String>) file.lines()::iterator) {
      if (line.startsWith("  ")) {
        continue;
      }
      out.append(line).append('\n');
      if (!line.isBlank() && !line.startsWith("#")) {
        scenario.lines(line).forEach(l -> out.append("  ").append(l).append('\n'));
      }
    }
    scenario.bed.assertReplays();
    return out.toString();
  }

  private List<String> lines(String line) {
    bed.forgetEffects();
    List<String> words = new ArrayList<>(List.of(line.split(" ")));
    perform(words.removeFirst(), words);
    List<String> lines = new ArrayList<>();
    bed.effects(Effect.class).forEach(e -> lines.add(Telling.line(e)));
    if (line.equals("show")) {
      lines.addAll(Telling.tree(bed.state));
    }
    return lines;
  }

  private void perform(String verb, List<String> w) {
    switch (verb) {
      case "attach" -> bed.ask(Bed.attachment(w.getFirst(), keepOnDeath(w)));
      case "attach-self" -> attachSelf(w);
      case "adopt" -> bed.adopt(w.getFirst());
      case "placeholder" ->
          bed.ask(new Command.CreateEntity(new Name(w.getFirst()), new Flags.OfEntity(0)));
      case "detach" -> bed.ask(new Command.Detach(Target.of(w.getFirst()), w.contains("self")));
      case "condition" -> bed.ask(condition(w));
      case "action" -> bed.ask(Bed.action(w.getFirst(), deed(w.subList(1, w.size())), flags(w)));
      case "alternate" -> bed.ask(Bed.alternate(w.get(0), w.get(1), deed(w.subList(2, w.size()))));
      case "remove" -> bed.ask(new Command.Remove(Target.of(w.getFirst())));
      case "enable" -> bed.ask(Bed.control(w.getFirst(), Command.ControlVerb.ENABLE, 0));
      case "disable" -> bed.ask(Bed.control(w.getFirst(), Command.ControlVerb.DISABLE, 0));
      case "resume" -> bed.ask(new Command.Resume(Target.of(w.getFirst())));
      case "raise" -> bed.ask(new Command.PublishRaise(Target.of(w.getFirst()), 1, 1, 1));
      case "report" -> bed.ask(new Command.PublishState(Target.of(w.get(0)), number(w.get(1))));
      case "stop" -> bed.ask(Bed.stop(w.contains("entities")));
      case "dies" -> bed.dies(w.getFirst(), exit(w));
      case "misses" -> bed.misses(w.get(0), w.get(1).equals("high"), number(w.get(2)));
      case "appears" -> bed.appears(w.getFirst());
      case "pass" -> bed.pass(number(w.getFirst()));
      case "take-over" -> bed.takeOver();
      case "reboot" -> bed.takeOver(w.getFirst(), true);
      case "broken" -> bed.broken.add(w.getFirst());
      case "mended" -> bed.broken.remove(w.getFirst());
      case "hold-starts" -> bed.holdStarts = true;
      case "release-starts" -> bed.release();
      case "show" -> {}
      default -> throw new IllegalArgumentException("no such command: " + verb);
    }
  }

  private void attachSelf(List<String> w) {
    Name name = new Name(w.getFirst());
    boolean again = bed.state.entities().containsKey(name) && bed.pid(name.value()) != 0;
    int beats = w.indexOf("beats");
    bed.ask(
        new Command.AttachSelf(
            name,
            again ? bed.process(name.value()) : bed.newProcess(),
            beats < 0 ? null : Words.beats(number(w.get(beats + 1)), number(w.get(beats + 2))),
            new Flags.OfEntity(keepOnDeath(w))));
  }

  private static Command condition(List<String> w) {
    ConditionType type =
        Stream.of(ConditionType.values())
            .filter(t -> t.word().equals(w.get(1)))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no such type: " + w.get(1)));
    Filter filter =
        switch (type) {
          case STATE -> new Filter.Transition(number(w.get(2)), number(w.get(3)));
          case RAISE -> new Filter.Raise(0, 0, 0);
          case ANY, DEATH, ABNORMAL_DEATH, ATTACH, DETACH, RESTART -> Filter.NONE;
          case BEAT_MISSED_LOW, BEAT_MISSED_HIGH, NODE_JOINED -> Filter.NONE;
          case NODE_LOST -> new Filter.Proven(Proof.NONE);
        };
    return Bed.condition(w.getFirst(), type, filter, flags(w));
  }

  private static Deed deed(List<String> w) {
    return switch (w.getFirst()) {
      case "restart" -> restart(w);
      case "execute" -> Words.execute(w.get(1));
      case "wait" -> Words.waitFor(number(w.get(1)));
      case "await" -> Words.waitFor(w.get(1), number(w.get(2)));
      case "signal" -> Words.signalSelf(number(w.get(1)));
      case "healthy" -> Words.healthy();
      case "log" -> Words.log(w.get(1));
      default -> throw new IllegalArgumentException("no such deed: " + w);
    };
  }

  private static Deed restart(List<String> w) {
    if (w.contains("budget")) {
      return Words.restart(Words.budget(number(w.get(w.indexOf("budget") + 1))));
    }
    int backOff = w.indexOf("back-off");
    if (backOff > 0) {
      return Words.restart(Words.backOff(number(w.get(backOff + 1)), number(w.get(backOff + 2))));
    }
    return w.size() > 1 && w.get(1).startsWith("/") ? Words.restartAs(w.get(1)) : Words.restart();
  }

  private static int flags(List<String> w) {
    return (w.contains("rearm") ? Words.REARM : 0)
        | (w.contains("independent") ? Words.INDEPENDENT : 0)
        | (w.contains("no-wait") ? Words.NO_WAIT : 0)
        | (w.contains("keep-on-empty") ? Words.KEEP_ON_EMPTY : 0)
        | (w.contains("break-on-fail") ? Words.BREAK_ON_FAIL : 0)
        | (w.contains("keep-on-fail") ? Words.KEEP_ON_FAIL : 0);
  }

  private static int keepOnDeath(List<String> w) {
    return w.contains("keep-on-death") ? Words.KEEP_ON_DEATH : 0;
  }

  private static Exit exit(List<String> w) {
    return switch (w.get(1)) {
      case "exit" -> Exit.exited(number(w.get(2)));
      case "signal" -> Exit.signaled(number(w.get(2)), false);
      case "core" -> Exit.signaled(number(w.get(2)), true);
      default -> Exit.UNKNOWN;
    };
  }

  private static int number(String word) {
    return Integer.parseInt(word);
  }
}

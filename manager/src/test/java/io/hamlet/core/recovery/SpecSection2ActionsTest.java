package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.model.ConditionType.RAISE;
import static io.hamlet.core.model.ConditionType.STATE;
import static io.hamlet.core.model.Rejection.Reason.EXISTS;
import static io.hamlet.core.model.Rejection.Reason.INVALID;
import static io.hamlet.core.model.Rejection.Reason.LIMIT;
import static io.hamlet.core.model.Rejection.Reason.NOT_FOUND;
import static io.hamlet.core.recovery.SpecSection1NamesTest.refused;
import static io.hamlet.core.recovery.Words.DO_NOW;
import static io.hamlet.core.recovery.Words.NO_WAIT;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.execute;
import static io.hamlet.core.recovery.Words.log;
import static io.hamlet.core.recovery.Words.pulse;
import static io.hamlet.core.recovery.Words.restart;
import static io.hamlet.core.recovery.Words.signal;
import static io.hamlet.core.recovery.Words.signalSelf;
import static io.hamlet.core.recovery.Words.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Target;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** ham.md 2.4, 2.5 and 2.7: conditions, actions and action-fail items one by one. */
class SpecSection2ActionsTest extends SpecBed {
  private static final int STATE_TO_SET = 0x2000;

  @BeforeEach
  void anEntityWithARaiseCondition() {
    bed.attach("web");
    bed.whenRaised("web/c", 0);
  }

  @Rule(value = "ham 2.4/1", says = "State and raise conditions need their filter, others none")
  void filterFitsType() {
    bed.refuses(INVALID, Bed.condition("web/x", STATE, Filter.NONE, 0));
    bed.refuses(INVALID, Bed.condition("web/x", RAISE, new Filter.Transition(1, 2), 0));
    bed.refuses(INVALID, Bed.condition("web/x", STATE, new Filter.Raise(1, 2, 3), 0));
    bed.refuses(INVALID, Bed.condition("web/x", DEATH, new Filter.Raise(0, 0, 0), 0));
  }

  @Rule(value = "ham 2.4/2", says = "Flags of state conditions are refused on others")
  void stateFlagsFitType() {
    bed.refuses(INVALID, Bed.condition("web/x", DEATH, Filter.NONE, STATE_TO_SET));
    bed.refuses(INVALID, Bed.condition("web/x", RAISE, new Filter.Raise(0, 0, 0), STATE_TO_SET));
    bed.whenState("web/x", 0, 6, STATE_TO_SET);
  }

  @Rule(value = "ham 2.4/3", says = "No-wait cannot be set while the condition holds a waitfor")
  void noWaitByControl() {
    bed.then("web/c/do", execute("/bin/x"));
    bed.orElse("web/c/do", "wait", waitFor(10));
    bed.refuses(INVALID, Bed.control("web/c", Command.ControlVerb.ADD_FLAGS, NO_WAIT));
    bed.refuses(INVALID, Bed.control("web/c", Command.ControlVerb.SET_FLAGS, NO_WAIT | REARM));
    bed.must(new Command.RemoveFailItem(Target.of("web/c/do"), new Name("wait")));
    bed.must(Bed.control("web/c", Command.ControlVerb.ADD_FLAGS, NO_WAIT));
    bed.refuses(INVALID, Bed.action("web/c/wait", waitFor(10), 0));
  }

  @Rule(value = "ham 2.4/4", says = "A full tree refuses more, and goes on")
  void limits() {
    Bed small = new Bed(new Limits(1, 1, 1, 1, 10, 10, 100, 1, 1, 2, 4));
    small.attach("web");
    small.refuses(LIMIT, Bed.attachment("db", 0));
    small.whenRaised("web/c", 0);
    small.refuses(LIMIT, Bed.condition("web/d", DEATH, Filter.NONE, 0));
    small.note("web/c/a");
    small.refuses(LIMIT, Bed.action("web/c/b", log("x"), 0));
    small.orElse("web/c/a", "i", log("x"));
    small.refuses(LIMIT, Bed.alternate("web/c/a", "j", log("x")));
    small.must(new Command.OpenChannel(small.newProcess()));
    small.refuses(LIMIT, new Command.OpenChannel(small.newProcess()));
    small.raise("web");
    assertThat(small.lines()).containsExactly("a");
  }

  @Rule(value = "ham 2.5/1", says = "The delay of a waitfor is above 0")
  void delays() {
    refused(INVALID, () -> waitFor(0));
    refused(INVALID, () -> waitFor(-1));
    refused(INVALID, () -> waitFor("run/x", 10));
  }

  @Rule(value = "ham 2.5/2", says = "A waitfor ends when its path appears, whatever is left of it")
  void pathAppears() {
    bed.then("web/c/wait", waitFor("/run/x", 1000));
    bed.note("web/c/note");
    bed.raise("web");
    bed.pass(300);
    assertThat(bed.lines()).isEmpty();
    bed.appears("/run/x");
    assertThat(bed.lines()).containsExactly("note");
    assertThat(bed.state.deadlines()).isEmpty();
    bed.pass(5000);
    assertThat(bed.action("web/c/wait")).isNotNull();
  }

  @Rule(value = "ham 2.5/3", says = "A do-now execute runs at once, and again at each trigger")
  void doNow() {
    bed.forgetEffects();
    bed.then("web/c/do", execute("/bin/x"), DO_NOW);
    assertThat(bed.ran()).containsExactly("/bin/x");
    bed.raise("web");
    bed.raise("web");
    assertThat(bed.ran()).hasSize(3);
  }

  @Rule(value = "ham 2.5/4", says = "A failure of that first run harms neither action nor call")
  void doNowMayFail() {
    bed.broken.add("/bin/x");
    bed.then("web/c/do", execute("/bin/x"), DO_NOW);
    bed.orElse("web/c/do", "item", log("no"));
    assertThat(bed.action("web/c/do")).isNotNull();
    assertThat(bed.lines()).isEmpty();
    assertThat(bed.state.open()).isEmpty();
  }

  @Rule(value = "ham 2.5/5", says = "Do-now is for execute actions only")
  void doNowIsForExecute() {
    bed.refuses(INVALID, Bed.action("web/c/do", log("x"), DO_NOW));
    bed.refuses(INVALID, Bed.action("web/c/do", waitFor(10), DO_NOW));
    bed.refuses(INVALID, Bed.action("web/c/do", signalSelf(15), DO_NOW));
    bed.when("web/died", DEATH);
    bed.refuses(INVALID, Bed.action("web/died/do", restart(), DO_NOW));
  }

  @Rule(value = "ham 2.5/6", says = "The recipient of a signal does not follow a restart")
  void recipientIsFixed() {
    ProcessId first = bed.process("web");
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.then("web/c/do", signal(first, 10));
    bed.dies("web");
    bed.raise("web");
    assertThat(bed.effects(Effect.Signal.class))
        .singleElement()
        .satisfies(s -> assertThat(s.process()).isEqualTo(first));
  }

  @Rule(value = "ham 2.5/7", says = "A signal to self goes to the entity's process of that time")
  void selfFollows() {
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.then("web/c/do", signalSelf(10));
    bed.dies("web");
    bed.raise("web");
    assertThat(bed.effects(Effect.Signal.class))
        .singleElement()
        .satisfies(s -> assertThat(s.process()).isEqualTo(bed.process("web")))
        .satisfies(s -> assertThat(s.signal()).isEqualTo(10));
  }

  @Rule(value = "ham 2.5/8", says = "A signal number is between 1 and 64")
  void signalNumbers() {
    refused(INVALID, () -> signalSelf(0));
    refused(INVALID, () -> signalSelf(65));
    assertThat(signalSelf(64)).isInstanceOf(Deed.Signal.class);
  }

  @Rule(
      value = "ham 2.5/9",
      says = "A log action writes if the level of the HAM is at least its own")
  void logLevels() {
    bed.then("web/c/zero", log("zero", 0));
    bed.then("web/c/two", log("two", 2));
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("zero");
    bed.must(new Command.Verbose(Command.VerboseVerb.SET, 2));
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("zero", "zero", "two");
  }

  @Rule(value = "ham 2.5/10", says = "A log action puts its path in front if it is asked to")
  void logPrefix() {
    bed.then("web/c/plain", log("plain"));
    bed.then("web/c/marked", new Deed.Log("marked", true, 0));
    bed.raise("web");
    assertThat(bed.effects(Effect.WriteLog.class).getFirst().prefix()).isNull();
    assertThat(bed.effects(Effect.WriteLog.class).getLast().prefix()).hasToString("web/c/marked");
  }

  @Rule(value = "ham 2.5/11", says = "Pulses are numbered and wait until they are acknowledged")
  void pulses() {
    ProcessId owner = bed.newProcess();
    int channel = (int) bed.must(new Command.OpenChannel(owner));
    bed.then("web/c/do", pulse(owner.pid(), channel, 5));
    bed.raise("web");
    bed.raise("web");
    assertThat(bed.effects(Effect.PulsesWaiting.class))
        .contains(new Effect.PulsesWaiting(owner.pid(), channel));
    assertThat(pulsesOf(owner, channel)).containsExactly(1L, 2L);
    bed.must(new Command.AcknowledgePulses(owner.pid(), channel, 1));
    assertThat(pulsesOf(owner, channel)).containsExactly(2L);
    bed.raise("web");
    assertThat(pulsesOf(owner, channel)).containsExactly(2L, 3L);
  }

  @Rule(value = "ham 2.5/12", says = "A pulse to a full, closed or lost channel is a failed action")
  void channelsThatCannotTake() {
    Bed small = new Bed(new Limits(9, 9, 9, 9, 9, 9, 99, 9, 1, 2, 4));
    ProcessId owner = small.newProcess();
    int channel = (int) small.must(new Command.OpenChannel(owner));
    small.attach("web");
    small.whenRaised("web/c", 0);
    small.then("web/c/do", pulse(owner.pid(), channel, 5), Words.KEEP_ON_FAIL);
    small.orElse("web/c/do", "item", log("failed"));
    small.raise("web");
    assertThat(small.lines()).isEmpty();
    small.raise("web");
    assertThat(small.lines()).as("full").hasSize(1);
    small.must(new Command.AcknowledgePulses(owner.pid(), channel, 1));
    small.raise("web");
    assertThat(small.lines()).hasSize(1);
    small.send(new HamEvent.ChannelLost(owner.pid(), channel));
    small.raise("web");
    assertThat(small.lines()).as("lost").hasSize(2);
    int other = (int) small.must(new Command.OpenChannel(owner));
    small.must(new Command.CloseChannel(owner.pid(), other));
    assertThat(small.state.channels()).isEmpty();
  }

  @Rule(value = "ham 2.5/13", says = "A removed action is not found and does not run")
  void actionRemove() {
    bed.note("web/c/gone");
    bed.note("web/c/note");
    bed.remove("web/c/gone");
    bed.refuses(NOT_FOUND, new Command.Remove(Target.of("web/c/gone")));
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("note");
  }

  @Rule(value = "ham 2.5/14", says = "An executed command is told whose event it serves")
  void environment() {
    bed.then("web/c/do", execute("/bin/x"));
    bed.raise("web");
    assertThat(bed.effects(Effect.Go.class).getLast().environment())
        .contains(
            new ProcessSpec.Variable("HAM_NODE", "n1"),
            new ProcessSpec.Variable("HAM_ENTITY", "web"),
            new ProcessSpec.Variable("HAM_CONDITION", "c"),
            new ProcessSpec.Variable("HAM_ACTION", "do"),
            new ProcessSpec.Variable("HAM_EVENT", "raise"),
            new ProcessSpec.Variable("HAM_PID", Long.toString(bed.pid("web"))))
        .anyMatch(v -> v.name().equals("HAM_REASON"));
  }

  @Rule(value = "ham 2.7/1", says = "The name of an alternate is unique within its action")
  void alternateNames() {
    bed.note("web/c/a");
    bed.note("web/c/b");
    bed.orElse("web/c/a", "item", log("x"));
    bed.orElse("web/c/b", "item", log("x"));
    bed.refuses(EXISTS, Bed.alternate("web/c/a", "item", log("y")));
  }

  @Rule(value = "ham 2.7/2", says = "An alternate is removed by name; a missing one is not found")
  void removeAlternate() {
    bed.broken.add("/bin/bad");
    bed.then("web/c/do", execute("/bin/bad"));
    bed.orElse("web/c/do", "one", log("one"));
    bed.orElse("web/c/do", "two", log("two"));
    bed.must(new Command.RemoveFailItem(Target.of("web/c/do"), new Name("one")));
    bed.refuses(NOT_FOUND, new Command.RemoveFailItem(Target.of("web/c/do"), new Name("one")));
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("two");
  }

  @Rule(value = "ham 2.7/3", says = "A waitfor alternate is refused under a no-wait condition")
  void noWaitAlternates() {
    bed.whenRaised("web/quick", NO_WAIT);
    bed.note("web/quick/a");
    bed.refuses(INVALID, Bed.alternate("web/quick/a", "item", waitFor(10)));
    bed.orElse("web/quick/a", "item", execute("/bin/x"));
  }

  private List<Long> pulsesOf(ProcessId owner, int channel) {
    return bed.state.channels().get(new ChannelId(owner.pid(), channel)).pulses().stream()
        .map(Channel.Pulse::number)
        .toList();
  }
}

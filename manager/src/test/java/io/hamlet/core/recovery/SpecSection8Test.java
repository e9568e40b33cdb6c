package io.hamlet.core.recovery;

import static io.hamlet.core.recovery.Words.DO_NOW;
import static io.hamlet.core.recovery.Words.KEEP_ON_FAIL;
import static io.hamlet.core.recovery.Words.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** ham.md 8: actions on other nodes. First the node that asks, then the one that is asked. */
class SpecSection8Test extends SpecBed {
  private static final long SPAN = Errand.SPAN.toMillis();
  private static final long MARGIN = Errand.MARGIN.toMillis();
  private static final Deed PULSE = new Deed.Pulse("n2", 77, 1, 5, 9);
  private static final ProcessId FAR = new ProcessId(77, 7);

  @BeforeEach
  void somethingToRaise() {
    bed.attach("web");
    bed.whenRaised("web/c", 0);
  }

  // --- the node that asks -----------------------------------------------------------------------

  @Rule(value = "ham 8/1", says = "An action on another node is asked for there, and waited for")
  void asks() {
    bed.then("web/c/far", PULSE);
    bed.note("web/c/next");
    bed.raise("web");

    assertThat(ask().errand()).isEqualTo(new Errand(PULSE, List.of()));
    assertThat(ask().expires()).isEqualTo((bed.millis() + SPAN) * 1_000_000);
    assertThat(ask().repeated()).isFalse();
    assertThat(bed.lines()).isEmpty();
    bed.send(new HamEvent.Done(ask().id()));
    assertThat(bed.lines()).containsExactly("next");
    assertThat(bed.events()).contains("action-done web/c/far");
  }

  @Rule(value = "ham 8/2", says = "What another node refuses has failed, and its alternate runs")
  void refused() {
    far(0);
    bed.raise("web");
    bed.send(new HamEvent.Failed(ask().id(), "no such channel"));
    assertThat(bed.lines()).containsExactly("else");
    assertThat(bed.events()).contains("action-failed web/c/far");
    assertThat(bed.action("web/c/far")).isNull();
  }

  @Rule(value = "ham 8/3", says = "What nobody answers for has failed, its outcome unknown")
  void unanswered() {
    far(0);
    bed.raise("web");
    bed.pass(SPAN + MARGIN - 1);
    assertThat(bed.lines()).isEmpty();
    bed.pass(1);
    assertThat(bed.lines()).containsExactly("else");
    assertThat(bed.happenings())
        .anyMatch(h -> h.event().equals("action-failed") && h.detail().contains("outcome unknown"));
  }

  @Rule(value = "ham 8/4", says = "An answer that comes after that changes nothing")
  void lateAnswer() {
    far(KEEP_ON_FAIL);
    bed.raise("web");
    bed.pass(SPAN + MARGIN);
    HamState before = bed.state;
    bed.send(new HamEvent.Done(ask().id()));
    bed.send(new HamEvent.Failed(ask().id(), "late"));
    assertThat(bed.state).isSameAs(before);
    assertThat(bed.lines()).containsExactly("else");
  }

  @Rule(value = "ham 8/5", says = "A successor asks again, by the same name and no longer")
  void askedAgain() {
    far(0);
    bed.raise("web");
    Effect.Ask first = ask();
    bed.pass(1_000);
    List<Effect> again = bed.takeOver();
    assertThat(again).contains(new Effect.Ask(first.id(), first.errand(), first.expires(), true));
    bed.pass(SPAN + MARGIN - 1_000);
    assertThat(bed.lines()).containsExactly("else");
  }

  @Rule(value = "ham 8/6", says = "With too much under way to a node the next action fails")
  void tooMuch() {
    Bed small = new Bed(new Limits(9, 9, 9, 9, 9, 9, 99, 9, 9, 2, 9));
    small.attach("web");
    for (String c : List.of("one", "two", "three")) {
      small.whenRaised("web/" + c, Words.INDEPENDENT);
      small.then("web/" + c + "/far", PULSE);
      small.orElse("web/" + c + "/far", "log", log("no " + c));
    }
    small.raise("web");
    assertThat(small.effects(Effect.Ask.class)).hasSize(2);
    assertThat(small.lines()).containsExactly("no three");
  }

  @Rule(value = "ham 8/7", says = "A do-now execute on another node harms nothing if it fails")
  void doNow() {
    bed.then("web/c/far", new Deed.Execute(List.of("/bin/x"), "n2"), DO_NOW);
    assertThat(ask().errand().environment())
        .contains(new ProcessSpec.Variable("HAM_ACTION", "far"));
    bed.send(new HamEvent.Failed(ask().id(), "no such program"));
    assertThat(bed.action("web/c/far")).isNotNull();
    assertThat(bed.events()).contains("action-failed web/c/far");
    assertThat(bed.state.open()).isEmpty();
  }

  @Rule(value = "ham 8/8", says = "After a reboot nobody knows what came of what was asked")
  void rebootOfTheSender() {
    far(0);
    bed.raise("web");
    EffectId asked = ask().id();
    bed.forgetEffects();
    bed.takeOver("boot-2", true);
    assertThat(bed.effects(Effect.Ask.class)).isEmpty();
    assertThat(bed.state.open()).doesNotContainKey(asked);
    assertThat(bed.lines()).contains("else");
  }

  @Rule(value = "ham 8/9", says = "A signal to the entity itself cannot go to another node")
  void selfIsHere() {
    bed.then("web/c/far", new Deed.Signal("n2", null, 9, 0, 0));
    bed.raise("web");
    assertThat(bed.effects(Effect.Ask.class)).isEmpty();
    assertThat(bed.events()).contains("action-failed web/c/far");
  }

  // --- the node that is asked -------------------------------------------------------------------

  @Rule(value = "ham 8/10", says = "A pulse from another node waits in the channel like any other")
  void pulsed() {
    long channel = bed.must(new Command.OpenChannel(FAR));
    asked(1, pulse((int) channel));
    assertThat(bed.effects(Effect.PulsesWaiting.class)).hasSize(1);
    assertThat(pulses()).containsExactly(new Channel.Pulse(1, 5, 9));
    assertThat(reports()).containsExactly(new Effect.Report(id(1), new Errand.Fate.Done()));
  }

  @Rule(value = "ham 8/11", says = "What is asked for again is not done again; the outcome is told")
  void onlyOnce() {
    bed.must(new Command.OpenChannel(FAR));
    asked(1, pulse(1));
    HamState before = bed.state;
    bed.pass(20);
    asked(1, pulse(1));
    assertThat(bed.state).isSameAs(before);
    assertThat(pulses()).hasSize(1);
    assertThat(reports()).hasSize(2).containsOnly(new Effect.Report(id(1), new Errand.Fate.Done()));
  }

  @Rule(value = "ham 8/12", says = "The outcome of an errand is the same over a takeover")
  void onlyOnceByTheSuccessor() {
    bed.must(new Command.OpenChannel(FAR));
    asked(1, pulse(1));
    asked(2, pulse(2));
    bed.takeOver();
    bed.forgetEffects();
    asked(1, pulse(1));
    asked(2, pulse(2));
    assertThat(pulses()).hasSize(1);
    assertThat(reports().get(0).fate()).isEqualTo(new Errand.Fate.Done());
    assertThat(reports().get(1).fate()).isInstanceOf(Errand.Fate.Failed.class);
  }

  @Rule(value = "ham 8/13", says = "What comes too late is refused and leaves no trace")
  void expired() {
    bed.must(new Command.OpenChannel(FAR));
    HamState before = bed.state;
    bed.pass(2 * SPAN);
    long expiry = bed.millis() * 1_000_000 - 1;
    bed.send(new HamEvent.Asked(id(1), pulse(1), expiry - SPAN * 1_000_000, expiry));
    assertThat(reports()).containsExactly(new Effect.Report(id(1), new Errand.Fate.Expired()));
    assertThat(bed.state).isSameAs(before);
  }

  @Rule(value = "ham 8/14", says = "What is wanted for longer than anybody asks has a wrong clock")
  void wrongClock() {
    bed.must(new Command.OpenChannel(FAR));
    HamState before = bed.state;
    long now = bed.millis() * 1_000_000;
    long expiry = now + (SPAN + MARGIN) * 1_000_000 + 1;
    bed.send(new HamEvent.Asked(id(1), pulse(1), now, expiry));
    assertThat(reports()).containsExactly(new Effect.Report(id(1), new Errand.Fate.Expired()));
    assertThat(bed.state).isSameAs(before);
  }

  @Rule(value = "ham 8/15", says = "A channel that is not there fails the errand, once for all")
  void noChannel() {
    asked(1, pulse(1));
    Errand.Fate failed = new Errand.Fate.Failed("process 77 has no channel 1");
    assertThat(reports()).containsExactly(new Effect.Report(id(1), failed));
    bed.must(new Command.OpenChannel(FAR));
    asked(1, pulse(1));
    assertThat(pulses()).as("what has failed stays so, because its alternate has run").isEmpty();
    assertThat(reports().getLast()).isEqualTo(new Effect.Report(id(1), failed));
  }

  @Rule(value = "ham 8/16", says = "A signal from another node goes to the process that is named")
  void signalled() {
    bed.muteSignals = true;
    asked(1, new Errand(new Deed.Signal("n1", FAR, 10, 3, 4), List.of()));
    Effect.Signal sent = bed.effects(Effect.Signal.class).getLast();
    assertThat(sent.process()).isEqualTo(FAR);
    assertThat(sent.code()).isEqualTo(3);
    asked(1, new Errand(new Deed.Signal("n1", FAR, 10, 3, 4), List.of()));
    assertThat(reports()).as("under way: no answer, and not twice").isEmpty();
    assertThat(bed.effects(Effect.Signal.class)).hasSize(1);
    bed.send(new HamEvent.Failed(sent.id(), "no such process"));
    assertThat(reports())
        .containsExactly(new Effect.Report(id(1), new Errand.Fate.Failed("no such process")));
  }

  @Rule(value = "ham 8/17", says = "A command of another node runs with what that node tells it")
  void executed() {
    asked(1, command("/bin/x"));
    assertThat(bed.ran()).contains("/bin/x");
    assertThat(bed.effects(Effect.Go.class).getLast().environment())
        .containsExactly(new ProcessSpec.Variable("HAM_NODE", "n2"));
    bed.broken.add("/bin/y");
    asked(2, command("/bin/y"));
    assertThat(reports().get(0).fate()).isEqualTo(new Errand.Fate.Done());
    assertThat(reports().get(1).fate()).isEqualTo(new Errand.Fate.Failed("no such program"));
  }

  @Rule(value = "ham 8/18", says = "A command whose gate is ready too late does not run")
  void tooLateToRun() {
    bed.holdStarts = true;
    asked(1, command("/bin/x"));
    bed.pass(SPAN + 1);
    bed.release();
    assertThat(bed.ran()).doesNotContain("/bin/x");
    assertThat(bed.effects(Effect.Abandon.class)).hasSize(1);
    assertThat(reports().getLast().fate()).isInstanceOf(Errand.Fate.Failed.class);
  }

  @Rule(value = "ham 8/19", says = "A successor goes on with an errand if there is time, else not")
  void successorInTime() {
    bed.muteSignals = true;
    asked(1, new Errand(new Deed.Signal("n1", FAR, 10, 0, 0), List.of()));
    assertThat(bed.takeOver()).filteredOn(Effect.Signal.class::isInstance).hasSize(1);
    bed.pass(SPAN + 1);
    assertThat(bed.takeOver()).filteredOn(Effect.Signal.class::isInstance).isEmpty();
    asked(1, new Errand(new Deed.Signal("n1", FAR, 10, 0, 0), List.of()));
    assertThat(reports().getLast().fate())
        .isEqualTo(new Errand.Fate.Failed("outcome unknown: the manager was lost"));
  }

  @Rule(value = "ham 8/20", says = "An outcome is known until nobody can ask any more")
  void forgotten() {
    bed.must(new Command.OpenChannel(FAR));
    asked(1, pulse(1));
    bed.pass(SPAN + Errand.KEPT.toMillis());
    asked(2, pulse(1));
    assertThat(bed.state.errands().find(id(1))).isNotNull();
    bed.pass(1);
    asked(3, pulse(1));
    assertThat(bed.state.errands().find(id(1))).isNull();
    assertThat(bed.state.errands().find(id(2))).isNotNull();
  }

  @Rule(value = "ham 8/21", says = "Who asks for too much is refused until some is forgotten")
  void full() {
    Bed small = new Bed(new Limits(9, 9, 9, 9, 9, 9, 99, 9, 9, 9, 2));
    for (int i = 1; i <= 3; i++) {
      send(small, i, pulse(1));
    }
    assertThat(small.state.errands().size("n2")).isEqualTo(2);
    assertThat(small.effects(Effect.Report.class)).hasSize(3);
    small.pass(SPAN + Errand.KEPT.toMillis() + 1);
    send(small, 4, pulse(1));
    assertThat(small.state.errands().size("n2")).isEqualTo(1);
  }

  @Rule(value = "ham 8/22", says = "What was asked before a reboot may have been done, or is known")
  void rebootOfTheAddressee() {
    bed.must(new Command.OpenChannel(FAR));
    asked(1, pulse(1));
    bed.takeOver("boot-2", true);
    bed.must(new Command.OpenChannel(FAR));
    bed.forgetEffects();
    asked(1, pulse(1));
    long expiry = (bed.millis() + SPAN) * 1_000_000 - 1;
    bed.send(new HamEvent.Asked(id(2), pulse(1), expiry - SPAN * 1_000_000, expiry));
    assertThat(pulses()).isEmpty();
    assertThat(reports().get(0).fate()).isEqualTo(new Errand.Fate.Done());
    assertThat(reports().get(1).fate())
        .isEqualTo(new Errand.Fate.Refused("outcome unknown: node 'n1' began anew"));
  }

  @Rule(value = "ham 8/23", says = "A node that is being stopped does nothing for others")
  void stopping() {
    bed.must(new Command.OpenChannel(FAR));
    bed.ask(Bed.stop(true));
    asked(1, pulse(1));
    assertThat(pulses()).isEmpty();
    assertThat(reports().getLast().fate()).isInstanceOf(Errand.Fate.Refused.class);
  }

  @Rule(value = "ham 8/24", says = "What is meant for another node is not done here")
  void notHere() {
    bed.must(new Command.OpenChannel(FAR));
    asked(1, new Errand(new Deed.Pulse("n3", FAR.pid(), 1, 5, 9), List.of()));
    assertThat(pulses()).isEmpty();
    assertThat(reports().getLast().fate()).isEqualTo(new Errand.Fate.Refused("this is node 'n1'"));
  }

  // --- words ------------------------------------------------------------------------------------

  /** An action on another node that is replaced by a line in the log when it fails. */
  private void far(int flags) {
    bed.then("web/c/far", PULSE, flags);
    bed.orElse("web/c/far", "log", log("else"));
  }

  private Effect.Ask ask() {
    return bed.effects(Effect.Ask.class).getLast();
  }

  private static ErrandId id(int number) {
    return new ErrandId("n2", new EffectId(new EntryId(1, 1, number), 0));
  }

  private static Errand pulse(int channel) {
    return new Errand(new Deed.Pulse("n1", FAR.pid(), channel, 5, 9), List.of());
  }

  private static Errand command(String program) {
    return new Errand(
        new Deed.Execute(List.of(program), "n1"),
        List.of(new ProcessSpec.Variable("HAM_NODE", "n2")));
  }

  /** The other node asks now. */
  private void asked(int number, Errand errand) {
    send(bed, number, errand);
  }

  private static void send(Bed bed, int number, Errand errand) {
    long now = bed.millis() * 1_000_000;
    bed.send(new HamEvent.Asked(id(number), errand, now, now + SPAN * 1_000_000));
  }

  private List<Effect.Report> reports() {
    return bed.effects(Effect.Report.class);
  }

  private List<Channel.Pulse> pulses() {
    return List.copyOf(bed.state.channels().get(new ChannelId(FAR.pid(), 1)).pulses());
  }
}

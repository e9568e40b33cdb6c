package io.hamlet.core.recovery;

import static io.hamlet.core.recovery.Words.BREAK_ON_FAIL;
import static io.hamlet.core.recovery.Words.KEEP_ON_FAIL;
import static io.hamlet.core.recovery.Words.log;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Deed;
import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.model.ProcessId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** ham.md 1.6 and 8: what waits for a pulse to another node goes there with it. */
class SpecSection8RidersTest extends SpecBed {
  private static final Deed PULSE = new Deed.Pulse("n2", 77, 1, 5, 9);
  private static final ProcessId FAR = new ProcessId(77, 7);

  @BeforeEach
  void somethingToRaise() {
    bed.attach("web");
    bed.whenRaised("web/c", 0);
  }

  @Rule(value = "ham 8/25", says = "Pulses that wait for one to another node go there together")
  void together() {
    far(0);
    raise(4);
    assertThat(asks()).containsExactly(1);
    done();
    assertThat(asks()).containsExactly(1, 3);
    assertThat(bed.events().stream().filter("action-done web/c/far"::equals)).hasSize(1);
    done();
    assertThat(bed.events().stream().filter("action-started web/c/far"::equals)).hasSize(4);
    assertThat(bed.events().stream().filter("action-done web/c/far"::equals)).hasSize(4);
    assertThat(bed.state.lanes()).isEmpty();
    assertThat(asks()).containsExactly(1, 3);
  }

  @Rule(value = "ham 8/26", says = "No more than 64 pulses go together")
  void notTooMany() {
    far(0);
    raise(100);
    done();
    done();
    done();
    assertThat(asks()).containsExactly(1, 64, 35);
    assertThat(bed.state.lanes()).isEmpty();
  }

  @Rule(value = "ham 8/27", says = "Of pulses that went together each counts that was put")
  void someOfThem() {
    far(KEEP_ON_FAIL);
    raise(6);
    done();
    refused(2);
    // The third goes again, as the first of those that are left, and now it has failed.
    assertThat(asks()).containsExactly(1, 5, 3);
    assertThat(bed.lines()).isEmpty();
    refused(0);
    assertThat(bed.lines()).containsExactly("else");
    assertThat(asks()).containsExactly(1, 5, 3, 2);
    done();
    // Five of them, and the alternate.
    assertThat(bed.events().stream().filter("action-done web/c/far"::equals)).hasSize(6);
    assertThat(bed.events().stream().filter("action-failed web/c/far"::equals)).hasSize(1);
    assertThat(bed.state.lanes()).isEmpty();
  }

  @Rule(value = "ham 8/28", says = "Without an answer all that went together have failed, as one")
  void unanswered() {
    far(KEEP_ON_FAIL | BREAK_ON_FAIL);
    raise(4);
    done();
    bed.pass(Errand.SPAN.plus(Errand.MARGIN).toMillis());
    assertThat(bed.lines()).containsExactly("else");
    assertThat(bed.events().stream().filter("action-failed web/c/far"::equals)).hasSize(3);
    assertThat(bed.state.lanes()).isEmpty();
    assertThat(asks()).containsExactly(1, 3);
  }

  @Rule(value = "ham 8/29", says = "Pulses wait for what else their condition has to do")
  void notBeforeTheRest() {
    far(0);
    bed.note("web/c/next");
    raise(3);
    done();
    assertThat(asks()).containsExactly(1, 1);
    assertThat(bed.lines()).containsExactly("next");
  }

  @Rule(value = "ham 8/30", says = "Pulses of other conditions keep their place in the order")
  void otherConditions() {
    far(0);
    bed.whenRaised("web/d", 0);
    bed.then("web/d/far", PULSE);
    raise(2);
    done();
    done();
    done();
    assertThat(asks()).containsExactly(1, 1, 1, 1);
  }

  @Rule(value = "ham 8/31", says = "Those who ride with a pulse do so over a takeover")
  void takeover() {
    far(0);
    raise(4);
    done();
    Effect.Ask first = ask();
    assertThat(bed.takeOver())
        .contains(new Effect.Ask(first.id(), first.errand(), first.expires(), true));
    done();
    assertThat(bed.state.lanes()).isEmpty();
    assertThat(bed.events().stream().filter("action-done web/c/far"::equals)).hasSize(4);
  }

  @Rule(value = "ham 8/32", says = "Whoever is asked for many pulses puts as many as it can")
  void asked() {
    bed.must(new Command.OpenChannel(FAR));
    ask(1, 3);
    assertThat(pulses()).isEqualTo(3);
    assertThat(bed.effects(Effect.PulsesWaiting.class)).hasSize(1);
    int most = bed.state.limits().pulsesPerChannel();
    for (int i = 2; pulses() < most; i++) {
      ask(i, Math.min(Errand.MOST_TIMES, most - pulses() + 2));
    }
    Errand.Fate last = bed.effects(Effect.Report.class).getLast().fate();
    int more = ((Errand.Fate.Failed) last).done();
    assertThat(more).isPositive();
    assertThat((most - 3 - more) % Errand.MOST_TIMES).isZero();
  }

  // --- words ------------------------------------------------------------------------------------

  private void far(int flags) {
    bed.then("web/c/far", PULSE, flags);
    bed.orElse("web/c/far", "log", log("else"));
  }

  private void raise(int times) {
    for (int i = 0; i < times; i++) {
      bed.raise("web");
    }
  }

  private Effect.Ask ask() {
    return bed.effects(Effect.Ask.class).getLast();
  }

  private List<Integer> asks() {
    return bed.effects(Effect.Ask.class).stream()
        .filter(a -> !a.repeated())
        .map(a -> a.errand().times())
        .toList();
  }

  private void done() {
    bed.send(new HamEvent.Done(ask().id()));
  }

  private void refused(int done) {
    bed.send(new HamEvent.Failed(ask().id(), "no such channel", done));
  }

  private void ask(int number, int times) {
    ErrandId id = new ErrandId("n2", new EffectId(new EntryId(1, 1, number), 0));
    Errand errand = new Errand(new Deed.Pulse("n1", FAR.pid(), 1, 5, 9), List.of(), times);
    long now = bed.millis() * 1_000_000;
    bed.send(new HamEvent.Asked(id, errand, now, now + Errand.SPAN.toNanos()));
  }

  private int pulses() {
    return bed.state.channels().get(new ChannelId(FAR.pid(), 1)).pulses().size();
  }
}

package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.beats;
import static io.hamlet.core.recovery.Words.execute;
import static io.hamlet.core.recovery.Words.pulse;
import static io.hamlet.core.recovery.Words.restart;
import static io.hamlet.core.recovery.Words.signal;
import static io.hamlet.core.recovery.Words.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.ProcessId;
import java.util.List;

/** ham.md 1.11: the pair of managers; what a successor goes on with. */
class SpecSection1TakeoverTest extends SpecBed {
  @Rule(value = "ham 1.11/1", says = "A takeover in the same boot touches no entity")
  void takeoverTouchesNobody() {
    bed.attach("web");
    rearmedRestart("web");
    var before = bed.state.entities();
    bed.forgetEffects();
    bed.takeOver();
    assertThat(bed.state.entities()).isEqualTo(before);
    assertThat(bed.ran()).isEmpty();
    assertThat(bed.events()).doesNotContain("death web");
  }

  @Rule(value = "ham 1.11/2", says = "A failure of the HAM is counted and told, an orderly end not")
  void hamFailuresAreCounted() {
    bed.takeOver(Bed.BOOT, true);
    assertThat(bed.state.pair().hamFailures()).isEqualTo(1);
    assertThat(bed.events()).contains("taken-over");
    bed.takeOver(Bed.BOOT, false);
    assertThat(bed.state.pair().hamFailures()).isEqualTo(1);
    bed.takeOver(Bed.BOOT, true);
    assertThat(bed.state.pair().hamFailures()).isEqualTo(2);
  }

  @Rule(value = "ham 1.11/3", says = "A failure of the Guardian is counted")
  void guardianFailuresAreCounted() {
    bed.send(new HamEvent.GuardianChanged(55, true));
    assertThat(bed.state.pair().guardianPid()).isEqualTo(55);
    assertThat(bed.state.pair().guardianFailures()).isEqualTo(1);
    bed.send(new HamEvent.GuardianChanged(56, false));
    assertThat(bed.state.pair().guardianPid()).isEqualTo(56);
    assertThat(bed.state.pair().guardianFailures()).isEqualTo(1);
  }

  @Rule(value = "ham 1.11/4", says = "The successor is known by its pids")
  void newPids() {
    bed.send(new HamEvent.TookOver("n1", Bed.BOOT, 77, 78, true));
    assertThat(bed.state.pair().hamPid()).isEqualTo(77);
    assertThat(bed.state.pair().guardianPid()).isEqualTo(78);
  }

  @Rule(value = "ham 1.11/5", says = "The successor watches every living process")
  void watchesAgain() {
    bed.attach("web");
    ProcessId db = bed.adopt("db");
    bed.placeholder("none");
    assertThat(of(Effect.Watch.class, bed.takeOver()).stream().map(Effect.Watch::process))
        .containsExactlyInAnyOrder(bed.process("web"), db);
  }

  @Rule(value = "ham 1.11/6", says = "A recovery goes on at its step; what ran does not run again")
  void recoveryGoesOn() {
    bed.attach("web");
    bed.when("web/died", DEATH, REARM);
    bed.note("web/died/one", REARM);
    bed.then("web/died/start", execute("/bin/x"), REARM);
    bed.then("web/died/wait", waitFor(1000), REARM);
    bed.note("web/died/two", REARM);
    bed.then("web/died/again", restart(), REARM);
    bed.dies("web");
    bed.pass(400);
    bed.takeOver();
    bed.pass(599);
    assertThat(bed.lines()).containsExactly("one");
    bed.pass(1);
    assertThat(bed.lines()).containsExactly("one", "two");
    assertThat(bed.ran()).containsExactly("/bin/web", "/bin/x", "/bin/web");
  }

  @Rule(value = "ham 1.11/7", says = "A path that was awaited is awaited again, as the same effect")
  void awaitsAgain() {
    bed.attach("web");
    bed.whenRaised("web/c", 0);
    bed.then("web/c/wait", waitFor("/run/x", 1000));
    bed.note("web/c/note");
    bed.raise("web");
    Effect first = bed.effects(Effect.AwaitPath.class).getFirst();
    assertThat(bed.takeOver()).contains(first);
    bed.appears("/run/x");
    assertThat(bed.lines()).containsExactly("note");
  }

  @Rule(value = "ham 1.11/8", says = "A start whose gate was not ready is prepared again")
  void preparesAgain() {
    bed.attach("web");
    rearmedRestart("web");
    bed.holdStarts = true;
    bed.dies("web");
    Effect.Prepare first = bed.effects(Effect.Prepare.class).getLast();
    bed.holdStarts = false;
    assertThat(of(Effect.Prepare.class, bed.takeOver())).containsExactly(first);
    assertThat(bed.entity("web").stats().restarts()).isEqualTo(1);
  }

  @Rule(value = "ham 1.11/9", says = "A start that was under way is settled, marked as repeated")
  void goesAgain() {
    bed.attach("web");
    rearmedRestart("web");
    bed.holdStarts = true;
    bed.dies("web");
    ready();
    Effect.Go first = bed.effects(Effect.Go.class).getLast();
    assertThat(first.repeated()).isFalse();
    bed.holdStarts = false;
    assertThat(of(Effect.Go.class, bed.takeOver()))
        .singleElement()
        .satisfies(go -> assertThat(go.id()).isEqualTo(first.id()))
        .satisfies(go -> assertThat(go.gate()).isEqualTo(first.gate()))
        .satisfies(go -> assertThat(go.repeated()).isTrue());
    assertThat(bed.process("web")).isEqualTo(first.gate());
  }

  @Rule(value = "ham 1.11/10", says = "A gate that never ran is replaced, and nothing is counted")
  void neverRan() {
    bed.attach("web");
    rearmedRestart("web");
    bed.holdStarts = true;
    bed.dies("web");
    ready();
    Effect.Go go = bed.effects(Effect.Go.class).getLast();
    bed.holdStarts = false;
    bed.send(new HamEvent.NeverRan(go.id()));
    assertThat(bed.process("web")).isNotEqualTo(go.gate());
    assertThat(bed.entity("web").stats().deaths()).isEqualTo(1);
    assertThat(bed.entity("web").stats().restarts()).isEqualTo(1);
    assertThat(bed.events()).doesNotContain("action-failed web/died/again");
  }

  @Rule(value = "ham 1.11/11", says = "A signal that may have been sent is sent again, as the same")
  void signalsAgain() {
    ProcessId other = new ProcessId(5, 5);
    bed.attach("web");
    bed.whenRaised("web/c", 0);
    bed.then("web/c/do", signal(other, 10));
    bed.muteSignals = true;
    bed.raise("web");
    Effect.Signal first = bed.effects(Effect.Signal.class).getLast();
    bed.muteSignals = false;
    assertThat(of(Effect.Signal.class, bed.takeOver())).containsExactly(first);
    assertThat(bed.state.open()).isEmpty();
  }

  @Rule(value = "ham 1.11/12", says = "The successor has all beats checked anew")
  void beatsAgain() {
    bed.attachSelf("svc", beats(1, 2));
    assertThat(of(Effect.WatchBeats.class, bed.takeOver())).hasSize(1);
  }

  @Rule(value = "ham 1.11/13", says = "A suspension of beats outlives the manager")
  void suspensionStays() {
    bed.must(new Command.HeartbeatControl(Command.HeartbeatVerb.SUSPEND));
    assertThat(of(Effect.SuspendBeats.class, bed.takeOver()))
        .containsExactly(new Effect.SuspendBeats(true));
  }

  @Rule(value = "ham 1.11/14", says = "Pulses not yet acknowledged are offered again")
  void pulsesAgain() {
    ProcessId owner = bed.newProcess();
    long channel = bed.must(new Command.OpenChannel(owner));
    bed.attach("web");
    bed.whenRaised("web/c", 0);
    bed.then("web/c/do", pulse(owner.pid(), (int) channel, 5));
    bed.raise("web");
    assertThat(of(Effect.PulsesWaiting.class, bed.takeOver())).hasSize(1);
  }

  @Rule(value = "ham 1.11/15", says = "In a new boot every living entity has died, of REBOOT")
  void rebootKillsAll() {
    bed.attach("web");
    rearmedRestart("web");
    bed.attach("db");
    bed.when("db/died", DEATH);
    bed.note("db/died/note");
    bed.forgetEffects();
    bed.takeOver("boot-2", true);
    assertThat(bed.happenings())
        .filteredOn(h -> h.event().equals("death"))
        .extracting(Happening::path, Happening::reason)
        .containsExactlyInAnyOrder(tuple("web", "REBOOT"), tuple("db", "REBOOT"));
    assertThat(bed.lines()).containsExactly("note");
    assertThat(bed.ran()).containsExactly("/bin/web");
    assertThat(bed.pid("web")).isPositive();
    assertThat(bed.entity("db")).isNull();
    assertThat(bed.state.boot()).isEqualTo("boot-2");
  }

  @Rule(value = "ham 1.11/16", says = "In a new boot what was being started is started again")
  void rebootStartsAgain() {
    bed.attach("web");
    rearmedRestart("web");
    bed.holdStarts = true;
    bed.dies("web");
    ready();
    ProcessId gate = bed.effects(Effect.Go.class).getLast().gate();
    bed.holdStarts = false;
    bed.takeOver("boot-2", true);
    assertThat(bed.entity("web").life()).isInstanceOf(Life.Up.class);
    assertThat(bed.process("web")).isNotEqualTo(gate);
    assertThat(bed.state.open()).isEmpty();
  }

  @Rule(value = "ham 1.11/17", says = "An event of the boot before is nobody's")
  void oldNews() {
    bed.attach("web");
    rearmedRestart("web");
    var web = bed.entity("web");
    long life = ((Life.Up) web.life()).number();
    bed.takeOver("boot-2", true);
    HamState before = bed.state;
    bed.send(new HamEvent.Died(web.name(), web.uid(), life, Exit.exited(0)));
    assertThat(bed.state).isSameAs(before);
  }

  @Rule(value = "ham 1.11/18", says = "Nothing of the old boot is ended in the new one")
  void oldRemainsAreNobody() {
    bed.attach("web");
    rearmedRestart("web");
    bed.takeOver("boot-2", true);
    assertThat(bed.effects(Effect.Prepare.class).getLast().remains()).isNull();
    assertThat(bed.pid("web")).isPositive();
  }

  private void rearmedRestart(String entity) {
    bed.when(entity + "/died", DEATH, REARM);
    bed.then(entity + "/died/again", restart(), REARM);
  }

  /** The gate of the newest start is ready, and nothing more has happened. */
  @Rule(value = "ham 1.11/26", says = "A command that had begun is not run again, and in doubt")
  void commandsInDoubt() {
    bed.attach("web");
    bed.whenRaised("web/c", 0);
    bed.then("web/c/do", execute("/bin/x"));
    bed.holdStarts = true;
    bed.raise("web");
    ready();
    bed.holdStarts = false;
    bed.takeOver();
    assertThat(bed.happenings())
        .filteredOn(h -> h.event().equals("action-done"))
        .extracting(Happening::path, Happening::reason)
        .containsExactly(tuple("web/c/do", "outcome unknown"));
  }

  @Rule(value = "ham 1.11/27", says = "A command that had not begun is run, and in no doubt")
  void commandsWithoutDoubt() {
    bed.attach("web");
    bed.whenRaised("web/c", 0);
    bed.then("web/c/do", execute("/bin/x"));
    bed.holdStarts = true;
    bed.raise("web");
    ready();
    Effect.Go go = bed.effects(Effect.Go.class).getLast();
    bed.takeOver();
    bed.holdStarts = false;
    bed.send(new HamEvent.NeverRan(go.id()));
    assertThat(bed.happenings())
        .filteredOn(h -> h.event().equals("action-done"))
        .extracting(Happening::path, Happening::reason)
        .containsExactly(tuple("web/c/do", ""));
  }

  private void ready() {
    Effect.Prepare prepare = bed.effects(Effect.Prepare.class).getLast();
    bed.send(new HamEvent.Prepared(prepare.id(), bed.newProcess(), "home"));
  }

  private static <T extends Effect> List<T> of(Class<T> kind, List<Effect> effects) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}

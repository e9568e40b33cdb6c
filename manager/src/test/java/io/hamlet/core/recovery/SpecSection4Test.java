package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.ABNORMAL_DEATH;
import static io.hamlet.core.model.ConditionType.ANY;
import static io.hamlet.core.model.ConditionType.ATTACH;
import static io.hamlet.core.model.ConditionType.BEAT_MISSED_HIGH;
import static io.hamlet.core.model.ConditionType.BEAT_MISSED_LOW;
import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.model.ConditionType.DETACH;
import static io.hamlet.core.model.ConditionType.RAISE;
import static io.hamlet.core.model.ConditionType.RESTART;
import static io.hamlet.core.model.ConditionType.STATE;
import static io.hamlet.core.recovery.Words.INDEPENDENT;
import static io.hamlet.core.recovery.Words.KEEP_ON_DEATH;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.beats;
import static io.hamlet.core.recovery.Words.restart;
import static io.hamlet.core.recovery.Words.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Life;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** ham.md 4: when conditions fire. */
class SpecSection4Test extends SpecBed {
  private static final int FROM_SET = 0x1000;
  private static final int TO_SET = 0x2000;
  private static final int FROM_INVERSE = 0x4000;
  private static final int TO_INVERSE = 0x8000;

  @Rule(value = "ham 4/1", says = "Condition types carry the numbers of QNX")
  void numbers() {
    assertThat(
            Stream.of(
                    ANY,
                    DEATH,
                    DETACH,
                    RESTART,
                    BEAT_MISSED_LOW,
                    BEAT_MISSED_HIGH,
                    ABNORMAL_DEATH,
                    ATTACH,
                    STATE,
                    RAISE)
                .map(t -> t.number()))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Rule(value = "ham 4/2", says = "Death fires for a normal exit as well as for a signal")
  void everyEndIsADeath() {
    bed.attach("web", KEEP_ON_DEATH);
    bed.when("web/died", DEATH);
    bed.note("web/died/note");
    bed.dies("web", Exit.exited(0));
    bed.attach("web");
    bed.dies("web", Exit.UNKNOWN);
    assertThat(bed.lines()).containsExactly("note", "note");
  }

  @Rule(value = "ham 4/3", says = "An abnormal death fires abnormal-death first, then death")
  void abnormalFiresBoth() {
    bed.attach("web");
    bed.when("web/died", DEATH);
    bed.note("web/died/second");
    bed.when("web/crashed", ABNORMAL_DEATH);
    bed.note("web/crashed/first");
    bed.crashes("web");
    assertThat(bed.lines()).containsExactly("first", "second");
    assertThat(bed.events()).containsSubsequence("abnormal-death web", "death web");
  }

  @Rule(value = "ham 4/4", says = "Both come before the restart conditions")
  void deathsBeforeRestart() {
    bed.attach("web");
    bed.when("web/back", RESTART);
    bed.note("web/back/third");
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.note("web/died/second");
    bed.when("web/crashed", ABNORMAL_DEATH);
    bed.note("web/crashed/first");
    bed.crashes("web");
    assertThat(bed.lines()).containsExactly("first", "second", "third");
  }

  @Rule(value = "ham 4/5", says = "A plain kill is a death and no abnormal one")
  void killIsPlain() {
    bed.attach("web");
    bed.when("web/crashed", ABNORMAL_DEATH);
    bed.note("web/crashed/no");
    bed.dies("web", Exit.signaled(9, false));
    assertThat(bed.lines()).isEmpty();
    assertThat(bed.events()).contains("death web").doesNotContain("abnormal-death web");
  }

  @Rule(value = "ham 4/6", says = "Abnormal are just the signals whose default action dumps core")
  void coreSignals() {
    assertThat(IntStream.rangeClosed(1, 64).filter(s -> Exit.signaled(s, false).isAbnormal()))
        .containsExactly(3, 4, 5, 6, 7, 8, 11, 24, 25, 31);
    assertThat(Exit.exited(11).isAbnormal()).isFalse();
    assertThat(Exit.REBOOT.isAbnormal()).isFalse();
  }

  @Rule(value = "ham 4/7", says = "A core status that comes late fires abnormal-death alone")
  void lateCore() {
    bed.attach("web", KEEP_ON_DEATH);
    bed.when("web/died", DEATH);
    bed.note("web/died/died");
    bed.when("web/crashed", ABNORMAL_DEATH);
    bed.note("web/crashed/crashed");
    Entity web = bed.entity("web");
    bed.dies("web", Exit.UNKNOWN);
    assertThat(bed.lines()).containsExactly("died");
    bed.send(new HamEvent.ExitLearned(web.name(), web.uid(), 1, Exit.signaled(11, true)));
    assertThat(bed.lines()).containsExactly("died", "crashed");
    assertThat(bed.entity("web").exit()).isEqualTo(Exit.signaled(11, true));
  }

  @Rule(value = "ham 4/8", says = "An attach fires the attach conditions, the global ones always")
  void attachFires() {
    bed.when(".global/new", ATTACH);
    bed.note(".global/new/note");
    bed.attach("web");
    bed.attachSelf("svc");
    bed.adopt("db");
    assertThat(bed.lines()).hasSize(3);
    assertThat(bed.events()).contains("attach web", "attach svc", "attach db");
  }

  @Rule(value = "ham 4/9", says = "A restart fires no attach and no detach condition")
  void restartIsNoAttach() {
    bed.attach("web");
    bed.when("web/up", ATTACH);
    bed.note("web/up/no");
    bed.when("web/left", DETACH);
    bed.note("web/left/no");
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.dies("web");
    assertThat(bed.lines()).isEmpty();
  }

  @Rule(value = "ham 4/10", says = "A missed mark kills and restarts nothing by itself")
  void missedMarksKillNothing() {
    bed.attachSelf("svc", beats(1, 2));
    bed.when("svc/died", DEATH);
    bed.note("svc/died/no");
    bed.forgetEffects();
    bed.misses("svc", false, 1);
    bed.misses("svc", true, 2);
    assertThat(bed.pid("svc")).isPositive();
    assertThat(bed.effects(Effect.End.class)).isEmpty();
    assertThat(bed.effects(Effect.Signal.class)).isEmpty();
    assertThat(bed.lines()).isEmpty();
  }

  @Rule(value = "ham 4/11", says = "State conditions compare the last and the new state")
  void transitions() {
    bed.attach("web");
    bed.whenState("web/c", 3, 5, 0);
    bed.note("web/c/hit");
    reports(5, 3, 4, 5, 3);
    assertThat(bed.lines()).isEmpty();
    bed.report("web", 5);
    assertThat(bed.lines()).containsExactly("hit");
    assertThat(bed.entity("web").userState()).isEqualTo(5);
  }

  @Rule(value = "ham 4/12", says = "The state before the first report is 0")
  void initialState() {
    bed.attach("web");
    assertThat(bed.entity("web").userState()).isZero();
    bed.whenState("web/c", 0, 7, 0);
    bed.note("web/c/hit");
    bed.report("web", 7);
    assertThat(bed.lines()).containsExactly("hit");
    assertThat(bed.happenings().stream().filter(h -> h.event().equals("state")))
        .singleElement()
        .satisfies(h -> assertThat(h.reason()).isEqualTo("0 -> 7"));
  }

  @Rule(value = "ham 4/13", says = "A report of the current state is a transition like any other")
  void repeatedState() {
    bed.attach("web");
    bed.whenState("web/c", 4, 4, 0);
    bed.note("web/c/hit");
    reports(4, 4, 4);
    assertThat(bed.lines()).hasSize(2);
  }

  @Rule(value = "ham 4/14", says = "0 as from or to matches any state")
  void anyState() {
    bed.attach("web");
    bed.whenState("web/from", 2, 0, 0);
    bed.note("web/from/from");
    bed.whenState("web/to", 0, 3, 0);
    bed.note("web/to/to");
    reports(3, 2, 9, 3);
    assertThat(bed.lines()).containsExactly("to", "from", "to");
  }

  @Rule(value = "ham 4/15", says = "With a set flag a state matches if it has a bit of the mask")
  void sets() {
    bed.attach("web");
    bed.whenState("web/c", 0x3, 0x4 | 0x8, FROM_SET | TO_SET);
    bed.note("web/c/hit");
    reports(4, 1, 8, 2, 4, 16, 4, 2, 16);
    assertThat(bed.lines()).hasSize(2);
  }

  @Rule(value = "ham 4/16", says = "Inversion turns the outcome for one state")
  void inversion() {
    bed.attach("web");
    bed.whenState("web/c", 5, 6, FROM_INVERSE | TO_INVERSE);
    bed.note("web/c/hit");
    reports(5, 7, 6, 6, 5);
    assertThat(bed.lines()).as("0 -> 5 and 6 -> 5").hasSize(2);
  }

  @Rule(value = "ham 4/17", says = "Inversion turns the outcome for a set as well")
  void invertedSets() {
    bed.attach("web");
    bed.whenState("web/c", 0, 0x1 | 0x2, TO_SET | TO_INVERSE);
    bed.note("web/c/hit");
    reports(1, 2, 4, 8, 3);
    assertThat(bed.lines()).hasSize(2);
  }

  @Rule(value = "ham 4/18", says = "Inversion of any is any")
  void invertedAny() {
    bed.attach("web");
    bed.whenState("web/c", 0, 0, FROM_INVERSE | TO_INVERSE);
    bed.note("web/c/hit");
    reports(1, 2);
    assertThat(bed.lines()).hasSize(2);
  }

  @Rule(value = "ham 4/19", says = "A raise condition compares type, class and severity, 0 is any")
  void raises() {
    bed.attach("web");
    bed.whenRaised("web/exact", 1, 2, 3);
    bed.note("web/exact/exact");
    bed.whenRaised("web/type", 1, 0, 0);
    bed.note("web/type/type");
    bed.whenRaised("web/class", 0, 2, 0);
    bed.note("web/class/class");
    bed.whenRaised("web/severity", 0, 0, 3);
    bed.note("web/severity/severity");
    bed.raise("web", 1, 2, 3);
    assertThat(bed.lines()).containsExactly("exact", "type", "class", "severity");
    bed.forgetEffects();
    bed.raise("web", 1, 9, 9);
    bed.raise("web", 9, 2, 9);
    bed.raise("web", 9, 9, 3);
    bed.raise("web", 9, 9, 9);
    assertThat(bed.lines()).containsExactly("type", "class", "severity");
  }

  @Rule(value = "ham 4/20", says = "States and raises match ANY too")
  void anyTakesThemToo() {
    bed.attach("web");
    bed.when("web/any", ANY);
    bed.note("web/any/hit");
    bed.report("web", 1);
    bed.raise("web");
    assertThat(bed.lines()).hasSize(2);
  }

  @Rule(value = "ham 4/21", says = "News of an earlier life or of another object change nothing")
  void staleDeaths() {
    bed.attach("web");
    bed.when("web/died", DEATH, REARM);
    bed.then("web/died/again", restart(), REARM);
    bed.dies("web");
    Entity web = bed.entity("web");
    long life = ((Life.Up) web.life()).number();
    HamState before = bed.state;
    for (HamEvent stale :
        List.of(
            new HamEvent.Died(web.name(), web.uid(), life - 1, Exit.exited(0)),
            new HamEvent.Died(web.name(), web.uid(), life + 1, Exit.exited(0)),
            new HamEvent.Died(web.name(), web.uid() + 1, life, Exit.exited(0)),
            new HamEvent.BeatsMissed(web.name(), web.uid(), life - 1, true, 3))) {
      bed.send(stale);
      assertThat(bed.state).as("%s", stale).isSameAs(before);
    }
  }

  @Rule(value = "ham 4/22", says = "The actions of a restart condition overlap those of the death")
  void restartOverlaps() {
    bed.attach("web");
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.then("web/died/wait", waitFor(10));
    bed.note("web/died/late");
    bed.when("web/back", RESTART, INDEPENDENT);
    bed.note("web/back/early");
    bed.dies("web");
    bed.pass(10);
    assertThat(bed.lines()).containsExactly("early", "late");
  }

  @Rule(value = "ham 4/23", says = "A late cause counts for the death it names, and once")
  void lateCauseOfAnotherDeath() {
    bed.attach("web", KEEP_ON_DEATH);
    bed.when("web/crashed", ABNORMAL_DEATH);
    bed.note("web/crashed/crashed");
    Entity web = bed.entity("web");
    bed.dies("web", Exit.UNKNOWN);
    HamEvent late = new HamEvent.ExitLearned(web.name(), web.uid(), 1, Exit.signaled(11, true));
    bed.send(new HamEvent.ExitLearned(web.name(), web.uid(), 2, Exit.signaled(11, true)));
    bed.send(new HamEvent.ExitLearned(web.name(), web.uid() + 9, 1, Exit.signaled(11, true)));
    assertThat(bed.lines()).isEmpty();
    bed.send(late);
    bed.send(late);
    assertThat(bed.lines()).containsExactly("crashed");
  }

  private void reports(int... states) {
    for (int state : states) {
      bed.report("web", state);
    }
  }
}

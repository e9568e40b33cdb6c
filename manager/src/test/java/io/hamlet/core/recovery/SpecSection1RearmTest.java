package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.model.ConditionType.RESTART;
import static io.hamlet.core.recovery.Words.INDEPENDENT;
import static io.hamlet.core.recovery.Words.KEEP_ON_DEATH;
import static io.hamlet.core.recovery.Words.KEEP_ON_EMPTY;
import static io.hamlet.core.recovery.Words.NO_REARM;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.execute;
import static io.hamlet.core.recovery.Words.restart;
import static io.hamlet.core.recovery.Words.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;

/** ham.md 1.8: what survives a restart. */
class SpecSection1RearmTest extends SpecBed {
  @BeforeEach
  void anEntity() {
    bed.attach("web");
  }

  @Rule(value = "ham 1.8/1", says = "An unflagged death condition is pruned after a restart")
  void deathConditionIsPruned() {
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.when("web/died2", DEATH, KEEP_ON_EMPTY);
    bed.note("web/died2/note");
    bed.dies("web");
    assertThat(bed.condition("web/died")).isNull();
    assertThat(bed.condition("web/died2")).isNull();
    assertThat(bed.pid("web")).isPositive();
  }

  @Rule(value = "ham 1.8/2", says = "A rearmed condition and its rearmed actions stay")
  void rearmedStays() {
    rearmedRestart();
    bed.dies("web");
    assertThat(bed.action("web/died/again")).isNotNull();
    bed.dies("web");
    assertThat(bed.pid("web")).isPositive();
    assertThat(bed.entity("web").stats().restarts()).isEqualTo(2);
  }

  @Rule(value = "ham 1.8/3", says = "An unflagged action of a rearmed death condition is pruned")
  void actionIsPruned() {
    rearmedRestart();
    bed.note("web/died/once");
    bed.dies("web");
    bed.dies("web");
    assertThat(bed.lines()).containsExactly("once");
    assertThat(bed.action("web/died/once")).isNull();
  }

  @Rule(value = "ham 1.8/4", says = "Unflagged conditions of other types and their actions stay")
  void othersStay() {
    rearmedRestart();
    bed.whenRaised("web/raised", 0);
    bed.note("web/raised/note");
    bed.when("web/restarted", RESTART);
    bed.note("web/restarted/note");
    bed.dies("web");
    assertThat(bed.action("web/raised/note")).isNotNull();
    assertThat(bed.action("web/restarted/note")).isNotNull();
  }

  @Rule(value = "ham 1.8/5", says = "A pruned condition takes its actions along, flagged or not")
  void conditionTakesActions() {
    rearmedRestart();
    bed.when("web/died2", DEATH);
    bed.note("web/died2/note", REARM);
    bed.dies("web");
    assertThat(bed.condition("web/died2")).isNull();
    bed.dies("web");
    assertThat(bed.lines()).containsExactly("note");
  }

  @Rule(value = "ham 1.8/6", says = "A condition of another type goes if it says so")
  void otherConditionGoesOnDemand() {
    rearmedRestart();
    bed.whenRaised("web/raised", NO_REARM);
    bed.note("web/raised/note");
    bed.dies("web");
    assertThat(bed.condition("web/raised")).isNull();
  }

  @Rule(value = "ham 1.8/7", says = "An action of another condition goes if it says so")
  void otherActionGoesOnDemand() {
    rearmedRestart();
    bed.whenRaised("web/raised", 0);
    bed.note("web/raised/goes", NO_REARM);
    bed.note("web/raised/stays");
    bed.dies("web");
    assertThat(bed.action("web/raised/goes")).isNull();
    assertThat(bed.action("web/raised/stays")).isNotNull();
  }

  @Rule(value = "ham 1.8/8", says = "A failed restart prunes nothing")
  void failedRestartPrunesNothing() {
    bed.attach("db", KEEP_ON_DEATH);
    bed.when("db/died", DEATH);
    bed.note("db/died/note");
    bed.then("db/died/again", restart());
    bed.whenRaised("db/raised", NO_REARM);
    bed.broken.add("/bin/db");
    bed.dies("db");
    assertThat(bed.action("db/died/note")).isNotNull();
    assertThat(bed.condition("db/raised")).isNotNull();
  }

  @Rule(value = "ham 1.8/9", says = "An unflagged action after the restart still runs once")
  void pruningComesLast() {
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.then("web/died/wait", waitFor(10));
    bed.note("web/died/remount");
    bed.dies("web");
    assertThat(bed.condition("web/died")).isNotNull();
    bed.pass(10);
    assertThat(bed.lines()).containsExactly("remount");
    assertThat(bed.condition("web/died")).isNull();
  }

  @Rule(value = "ham 1.8/10", says = "Pruning waits for the death's actions of all classes")
  void pruningWaitsForAllLanes() {
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.when("web/slow", DEATH, INDEPENDENT);
    bed.then("web/slow/wait", waitFor(10));
    bed.note("web/slow/note");
    bed.dies("web");
    assertThat(bed.condition("web/died")).isNotNull();
    assertThat(bed.condition("web/slow")).isNotNull();
    bed.pass(10);
    assertThat(bed.lines()).containsExactly("note");
    assertThat(bed.condition("web/died")).isNull();
    assertThat(bed.condition("web/slow")).isNull();
  }

  @Rule(value = "ham 1.8/11", says = "A condition whose last action is removed goes with it")
  void emptiedConditionGoes() {
    bed.whenRaised("web/c", 0);
    bed.note("web/c/one");
    bed.note("web/c/two");
    bed.remove("web/c/one");
    assertThat(bed.condition("web/c")).isNotNull();
    bed.remove("web/c/two");
    assertThat(bed.condition("web/c")).isNull();
  }

  @Rule(value = "ham 1.8/12", says = "Keep-on-empty keeps a condition whose last action is gone")
  void keepOnEmpty() {
    bed.whenRaised("web/c", KEEP_ON_EMPTY);
    bed.note("web/c/one");
    bed.remove("web/c/one");
    assertThat(bed.condition("web/c")).isNotNull();
  }

  @Rule(value = "ham 1.8/13", says = "A condition that never had an action stays")
  void freshConditionStays() {
    rearmedRestart();
    bed.whenRaised("web/c", 0);
    bed.when("web/died2", DEATH, REARM);
    bed.raise("web");
    bed.dies("web");
    assertThat(bed.condition("web/c")).isNotNull();
    assertThat(bed.condition("web/died2")).isNotNull();
  }

  @Rule(value = "ham 1.8/14", says = "A condition whose last action failed goes with it")
  void failedOutConditionGoes() {
    bed.broken.add("/bin/bad");
    bed.whenRaised("web/c", 0);
    bed.then("web/c/do", execute("/bin/bad"));
    bed.whenRaised("web/kept", KEEP_ON_EMPTY);
    bed.then("web/kept/do", execute("/bin/bad"));
    bed.raise("web");
    assertThat(bed.condition("web/c")).isNull();
    assertThat(bed.condition("web/kept")).isNotNull();
  }

  @Rule(value = "ham 1.8/15", says = "A rearmed condition that pruning leaves empty goes")
  void prunedOutConditionGoes() {
    rearmedRestart();
    bed.when("web/empty", DEATH, REARM);
    bed.note("web/empty/once");
    bed.when("web/kept", DEATH, REARM | KEEP_ON_EMPTY);
    bed.note("web/kept/once");
    bed.dies("web");
    assertThat(bed.condition("web/empty")).isNull();
    assertThat(bed.condition("web/kept").actions()).isEmpty();
  }

  @Rule(value = "ham 1.8/16", says = "Pruning never touches the global entity")
  void globalIsNotPruned() {
    rearmedRestart();
    bed.when(".global/died", DEATH);
    bed.note(".global/died/note");
    bed.dies("web");
    bed.dies("web");
    assertThat(bed.lines()).containsExactly("note", "note");
    assertThat(bed.action(".global/died/note")).isNotNull();
  }

  @Rule(value = "ham 1.8/17", says = "Pruning touches the restarted entity only")
  void othersAreNotPruned() {
    rearmedRestart();
    bed.attach("db");
    bed.when("db/died", DEATH);
    bed.note("db/died/note");
    bed.dies("web");
    assertThat(bed.action("db/died/note")).isNotNull();
  }

  @Rule(value = "ham 1.8/18", says = "Rearm is off by default under death conditions, else on")
  void defaults() {
    bed.when("web/died", DEATH);
    bed.note("web/died/note");
    bed.whenRaised("web/raised", 0);
    bed.note("web/raised/note");
    assertThat(bed.flags("web/died") & REARM).isZero();
    assertThat(bed.flags("web/died/note") & REARM).isZero();
    assertThat(bed.flags("web/raised") & REARM).isEqualTo(REARM);
    assertThat(bed.flags("web/raised/note") & REARM).isEqualTo(REARM);
  }

  @Rule(value = "ham 1.8/19", says = "A restart action that is not rearmed restarts once")
  void unflaggedRestartIsSpent() {
    bed.when("web/died", DEATH, REARM);
    bed.note("web/died/note", REARM);
    bed.then("web/died/again", restart());
    bed.dies("web");
    assertThat(bed.action("web/died/again")).isNull();
    bed.dies("web");
    assertThat(bed.entity("web")).isNull();
  }

  private void rearmedRestart() {
    bed.when("web/died", DEATH, REARM);
    bed.then("web/died/again", restart(), REARM);
  }
}

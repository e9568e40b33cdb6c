package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.ATTACH;
import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.model.ConditionType.DETACH;
import static io.hamlet.core.recovery.Words.INDEPENDENT;
import static io.hamlet.core.recovery.Words.KEEP_ON_DEATH;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.restart;
import static io.hamlet.core.recovery.Words.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.Entity.Shape;
import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Target;

/** ham.md 1.10: death without restart, and detaching. */
class SpecSection1EndTest extends SpecBed {
  @Rule(value = "ham 1.10/1", says = "Without a restart a dead entity is removed with all below it")
  void deadIsRemoved() {
    bed.attach("web");
    bed.whenRaised("web/raised", 0);
    bed.note("web/raised/note");
    bed.dies("web");
    assertThat(bed.entity("web")).isNull();
    assertThat(bed.events()).contains("death web");
  }

  @Rule(value = "ham 1.10/2", says = "It is removed only after all actions of its death have run")
  void removedAfterItsActions() {
    bed.attach("web");
    bed.when("web/a", DEATH);
    bed.then("web/a/wait", waitFor(10));
    bed.note("web/a/a");
    bed.when("web/b", DEATH, INDEPENDENT);
    bed.then("web/b/wait", waitFor(20));
    bed.note("web/b/b");
    bed.dies("web");
    assertThat(bed.entity("web").pid()).isZero();
    bed.pass(10);
    assertThat(bed.entity("web")).isNotNull();
    bed.pass(10);
    assertThat(bed.lines()).containsExactly("a", "b");
    assertThat(bed.entity("web")).isNull();
  }

  @Rule(value = "ham 1.10/3", says = "Keep-on-death leaves a placeholder with all below it")
  void keptOnDeath() {
    long uid = bed.attach("web", KEEP_ON_DEATH);
    bed.when("web/died", DEATH);
    bed.note("web/died/note");
    bed.dies("web");
    assertThat(bed.entity("web").shape()).isEqualTo(Shape.UNATTACHED);
    assertThat(bed.entity("web").uid()).isEqualTo(uid);
    assertThat(bed.entity("web").life()).isInstanceOf(Life.None.class);
    assertThat(bed.action("web/died/note")).isNotNull();
  }

  @Rule(value = "ham 1.10/4", says = "A later attach fills it again")
  void filledAgain() {
    long uid = bed.attach("web", KEEP_ON_DEATH);
    bed.when("web/died", DEATH);
    bed.note("web/died/died");
    bed.when("web/up", ATTACH);
    bed.note("web/up/up");
    bed.dies("web");
    assertThat(bed.attach("web", KEEP_ON_DEATH)).isEqualTo(uid);
    bed.dies("web");
    assertThat(bed.lines()).containsExactly("died", "up", "died");
  }

  @Rule(value = "ham 1.10/5", says = "Detaching fires the detach conditions, then monitoring ends")
  void detachFires() {
    bed.attach("web");
    bed.when("web/left", DETACH);
    bed.note("web/left/note");
    bed.when("web/died", DEATH);
    bed.note("web/died/no");
    bed.detach("web");
    assertThat(bed.lines()).containsExactly("note");
    assertThat(bed.events()).contains("detach web").doesNotContain("death web");
    assertThat(bed.effects(Effect.Unwatch.class)).hasSize(1);
  }

  @Rule(value = "ham 1.10/6", says = "A detached entity is removed after its detach actions")
  void detachedIsRemoved() {
    bed.attach("web");
    bed.when("web/left", DETACH);
    bed.then("web/left/wait", waitFor(10));
    bed.note("web/left/note");
    bed.detach("web");
    assertThat(bed.entity("web")).isNotNull();
    bed.pass(10);
    assertThat(bed.lines()).containsExactly("note");
    assertThat(bed.entity("web")).isNull();
  }

  @Rule(value = "ham 1.10/7", says = "A detached entity with keep-on-death stays as a placeholder")
  void detachedIsKept() {
    bed.attach("web", KEEP_ON_DEATH);
    bed.when("web/died", DEATH);
    bed.note("web/died/note");
    bed.detach("web");
    assertThat(bed.entity("web").shape()).isEqualTo(Shape.UNATTACHED);
    assertThat(bed.action("web/died/note")).isNotNull();
    assertThat(bed.pid("web")).isZero();
  }

  @Rule(value = "ham 1.10/8", says = "The process of a detached entity runs on")
  void detachedRunsOn() {
    bed.attach("web");
    bed.detach("web");
    assertThat(bed.effects(Effect.End.class)).isEmpty();
    assertThat(bed.effects(Effect.Signal.class)).isEmpty();
  }

  @Rule(value = "ham 1.10/9", says = "The end of a detached process is no death")
  void detachedMayDie() {
    bed.attach("web", KEEP_ON_DEATH);
    bed.when("web/died", DEATH);
    bed.note("web/died/no");
    Entity web = bed.entity("web");
    bed.detach("web");
    HamState before = bed.state;
    bed.send(new HamEvent.Died(web.name(), web.uid(), 1, Exit.exited(0)));
    assertThat(bed.state).isSameAs(before);
    assertThat(bed.lines()).isEmpty();
  }

  @Rule(value = "ham 1.10/10", says = "The name of a removed entity is free, for another object")
  void nameIsFree() {
    long uid = bed.attach("web");
    bed.dies("web");
    assertThat(bed.attach("web")).isNotEqualTo(uid);
  }

  @Rule(value = "ham 1.10/11", says = "Actions of the global entity hold up no removal")
  void globalActionsHoldUpNothing() {
    bed.when(".global/died", DEATH);
    bed.then(".global/died/wait", waitFor(1000));
    bed.note(".global/died/note");
    bed.attach("web");
    bed.dies("web");
    assertThat(bed.entity("web")).isNull();
    bed.pass(1000);
    assertThat(bed.lines()).containsExactly("note");
  }

  @Rule(value = "ham 1.10/12", says = "A detached entity leaves its restart action unused")
  void detachRestartsNothing() {
    bed.attach("web");
    bed.when("web/died", DEATH, REARM);
    bed.then("web/died/again", restart(), REARM);
    bed.detach("web");
    assertThat(bed.ran()).hasSize(1);
    assertThat(bed.entity("web")).isNull();
  }

  @Rule(value = "ham 1.10/13", says = "An entity detached in its recovery is not started again")
  void detachDuringRecovery() {
    bed.attach("web");
    bed.when("web/died", DEATH, REARM);
    bed.then("web/died/wait", waitFor("/run/web", 1000), REARM);
    bed.then("web/died/again", restart(), REARM);
    bed.dies("web");
    bed.must(new Command.Detach(Target.of("web"), false));
    bed.pass(2000);
    assertThat(bed.entity("web")).isNull();
    assertThat(bed.ran()).as("it is not started again").hasSize(1);
    assertThat(bed.state.open()).isEmpty();
  }
}

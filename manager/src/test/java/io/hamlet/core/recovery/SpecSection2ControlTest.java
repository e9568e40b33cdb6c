package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.BEAT_MISSED_LOW;
import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.model.Rejection.Reason.INVALID;
import static io.hamlet.core.recovery.Command.ControlVerb.ADD_FLAGS;
import static io.hamlet.core.recovery.Command.ControlVerb.DISABLE;
import static io.hamlet.core.recovery.Command.ControlVerb.ENABLE;
import static io.hamlet.core.recovery.Command.ControlVerb.REMOVE_FLAGS;
import static io.hamlet.core.recovery.Command.ControlVerb.SET_FLAGS;
import static io.hamlet.core.recovery.SpecSection1NamesTest.refused;
import static io.hamlet.core.recovery.Words.BREAK_ON_FAIL;
import static io.hamlet.core.recovery.Words.DO_NOW;
import static io.hamlet.core.recovery.Words.KEEP_ON_DEATH;
import static io.hamlet.core.recovery.Words.KEEP_ON_EMPTY;
import static io.hamlet.core.recovery.Words.KEEP_ON_FAIL;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.beats;
import static io.hamlet.core.recovery.Words.execute;
import static io.hamlet.core.recovery.Words.restart;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Entity.Shape;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Heartbeat.Health;
import io.hamlet.core.model.Target;
import org.junit.jupiter.api.BeforeEach;

/** ham.md 2.8 and 3: control commands and flags. */
class SpecSection2ControlTest extends SpecBed {
  @BeforeEach
  void anEntityWithARaiseCondition() {
    bed.attach("web");
    bed.whenRaised("web/c", 0);
    bed.note("web/c/one");
    bed.note("web/c/two");
  }

  @Rule(value = "ham 2.8/1", says = "A disabled condition does not fire until it is enabled")
  void disabledCondition() {
    bed.whenRaised("web/d", 0);
    bed.note("web/d/other");
    bed.disable("web/c");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("other");
    bed.enable("web/c");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("other", "one", "two", "other");
  }

  @Rule(value = "ham 2.8/2", says = "A disabled action is passed over, the others run")
  void disabledAction() {
    bed.disable("web/c/one");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("two");
    bed.enable("web/c/one");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("two", "one", "two");
  }

  @Rule(value = "ham 2.8/3", says = "A disabled entity reacts to nothing, own or global")
  void disabledEntity() {
    bed.whenRaised(".global/c", 0);
    bed.note(".global/c/global");
    bed.disable("web");
    bed.ask(new Command.PublishRaise(Target.of("web"), 1, 1, 1));
    bed.ask(new Command.PublishState(Target.of("web"), 1));
    assertThat(bed.lines()).isEmpty();
  }

  @Rule(value = "ham 2.8/4", says = "Events during the disabled time are lost, not queued")
  void lostEvents() {
    bed.disable("web");
    bed.ask(new Command.PublishRaise(Target.of("web"), 1, 1, 1));
    bed.enable("web");
    assertThat(bed.lines()).isEmpty();
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("one", "two");
  }

  @Rule(value = "ham 2.8/5", says = "Enabling an entity restores the previous picture below it")
  void notRecursive() {
    bed.disable("web/c/one");
    bed.disable("web");
    assertThat(bed.condition("web/c").enabled()).isTrue();
    bed.enable("web");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("two");
  }

  @Rule(value = "ham 2.8/6", says = "With recursion all below an entity is changed too")
  void recursive() {
    bed.disable("web/c/one");
    bed.must(new Command.Control(Target.of("web"), DISABLE, 0, true));
    assertThat(bed.condition("web/c").enabled()).isFalse();
    assertThat(bed.action("web/c/two").enabled()).isFalse();
    bed.enable("web");
    bed.raise("web");
    assertThat(bed.lines()).isEmpty();
    bed.must(new Command.Control(Target.of("web"), ENABLE, 0, true));
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("one", "two");
  }

  @Rule(value = "ham 2.8/7", says = "Recursion from a condition changes its actions")
  void recursiveCondition() {
    bed.must(new Command.Control(Target.of("web/c"), DISABLE, 0, true));
    bed.enable("web/c");
    bed.raise("web");
    assertThat(bed.lines()).isEmpty();
    assertThat(bed.entity("web").enabled()).isTrue();
  }

  @Rule(value = "ham 2.8/8", says = "A death while disabled is noted at enabling, as any death")
  void deathWhileDisabled() {
    bed.when("web/died", DEATH, REARM);
    bed.note("web/died/note", REARM);
    bed.then("web/died/again", restart(), REARM);
    bed.disable("web");
    bed.dies("web");
    assertThat(bed.lines()).isEmpty();
    assertThat(bed.ran()).hasSize(1);
    bed.enable("web");
    assertThat(bed.lines()).containsExactly("note");
    assertThat(bed.pid("web")).isPositive();
    assertThat(bed.events()).containsOnlyOnce("death web");
    assertThat(bed.entity("web").stats().restarts()).isEqualTo(1);
  }

  @Rule(value = "ham 2.8/9", says = "Missed beats of a disabled entity fire nothing")
  void beatsWhileDisabled() {
    bed.attachSelf("svc", beats(1, 2));
    bed.when("svc/low", BEAT_MISSED_LOW);
    bed.note("svc/low/no");
    bed.disable("svc");
    bed.misses("svc", false, 1);
    assertThat(bed.lines()).isEmpty();
    bed.enable("svc");
    assertThat(bed.lines()).isEmpty();
    assertThat(bed.entity("svc").heartbeat().health()).isEqualTo(Health.OK);
  }

  @Rule(value = "ham 2.8/10", says = "Flags are read, added, taken out and replaced")
  void flags() {
    assertThat(bed.flags("web/c/one")).isEqualTo(REARM);
    bed.must(Bed.control("web/c/one", ADD_FLAGS, KEEP_ON_FAIL));
    assertThat(bed.flags("web/c/one")).isEqualTo(REARM | KEEP_ON_FAIL);
    bed.must(Bed.control("web/c/one", REMOVE_FLAGS, REARM));
    assertThat(bed.flags("web/c/one")).isEqualTo(KEEP_ON_FAIL);
    bed.must(Bed.control("web/c/one", SET_FLAGS, BREAK_ON_FAIL));
    assertThat(bed.flags("web/c/one")).isEqualTo(BREAK_ON_FAIL);
    bed.must(Bed.control("web/c", SET_FLAGS, KEEP_ON_EMPTY));
    assertThat(bed.flags("web/c")).isEqualTo(KEEP_ON_EMPTY);
    bed.must(Bed.control("web", ADD_FLAGS, KEEP_ON_DEATH));
    assertThat(bed.flags("web")).isEqualTo(KEEP_ON_DEATH);
  }

  @Rule(value = "ham 2.8/11", says = "Do-now cannot be set by control")
  void doNowByControl() {
    bed.then("web/c/do", execute("/bin/x"));
    bed.refuses(INVALID, Bed.control("web/c/do", ADD_FLAGS, DO_NOW));
    bed.refuses(INVALID, Bed.control("web/c/do", SET_FLAGS, DO_NOW | REARM));
  }

  @Rule(value = "ham 2.8/12", says = "Flags of another kind of object are refused")
  void foreignFlags() {
    bed.refuses(INVALID, Bed.control("web", ADD_FLAGS, 0x1));
    bed.refuses(INVALID, Bed.control("web/c", ADD_FLAGS, 0x20));
    bed.refuses(INVALID, Bed.control("web/c/one", SET_FLAGS, 0x10));
    bed.refuses(INVALID, Bed.control("web/c", ADD_FLAGS, 0x2000));
  }

  @Rule(value = "ham 2.8/13", says = "A flag set by control acts from then on")
  void controlledFlagsAct() {
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.must(Bed.control("web/died", ADD_FLAGS, REARM));
    bed.must(Bed.control("web/died/again", ADD_FLAGS, REARM));
    bed.dies("web");
    assertThat(bed.action("web/died/again")).isNotNull();
    bed.must(Bed.control("web/died/again", REMOVE_FLAGS, REARM));
    bed.must(Bed.control("web", ADD_FLAGS, KEEP_ON_DEATH));
    bed.dies("web");
    bed.dies("web");
    assertThat(bed.entity("web").shape()).isEqualTo(Shape.UNATTACHED);
  }

  @Rule(value = "ham 2.8/14", says = "The global entity and what is below it can be disabled")
  void disabledGlobal() {
    bed.whenRaised(".global/c", 0);
    bed.note(".global/c/global");
    bed.disable(".global");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("one", "two");
    bed.enable(".global");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("one", "two", "one", "two", "global");
  }

  @Rule(value = "ham 2.8/15", says = "A disabled restart action restarts nothing")
  void disabledRestart() {
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.disable("web/died/again");
    bed.dies("web");
    assertThat(bed.ran()).hasSize(1);
    assertThat(bed.entity("web")).isNull();
  }

  @Rule(value = "ham 3/1", says = "Flags carry the numbers of QNX")
  void numbers() {
    assertThat(Flags.OfCondition.REARM).isEqualTo(0x1);
    assertThat(Flags.OfCondition.INDEPENDENT).isEqualTo(0x2);
    assertThat(Flags.OfCondition.NO_WAIT).isEqualTo(0x4);
    assertThat(Flags.OfCondition.OTHER).isEqualTo(0x8);
    assertThat(Flags.OfCondition.KEEP_ON_EMPTY).isEqualTo(0x10);
    assertThat(Flags.OfCondition.STATE_FROM_SET).isEqualTo(0x1000);
    assertThat(Flags.OfCondition.STATE_TO_SET).isEqualTo(0x2000);
    assertThat(Flags.OfCondition.STATE_FROM_INVERSE).isEqualTo(0x4000);
    assertThat(Flags.OfCondition.STATE_TO_INVERSE).isEqualTo(0x8000);
    assertThat(Flags.OfAction.DO_NOW).isEqualTo(0x2);
    assertThat(Flags.OfAction.BREAK_ON_FAIL).isEqualTo(0x4);
    assertThat(Flags.OfAction.KEEP_ON_FAIL).isEqualTo(0x8);
    assertThat(Flags.OfEntity.KEEP_ON_DEATH).isEqualTo(0x2);
  }

  @Rule(value = "ham 3/2", says = "Each kind of object refuses the flags of the others")
  void foreignBits() {
    refused(INVALID, () -> new Flags.OfEntity(0x1));
    refused(INVALID, () -> new Flags.OfCondition(0x20));
    refused(INVALID, () -> new Flags.OfAction(0x10));
    refused(INVALID, () -> new Flags.OfAction(0x100000));
  }

  @Rule(value = "ham 3/3", says = "The class named OTHER has no effect of its own")
  void other() {
    bed.whenRaised("web/o", Flags.OfCondition.OTHER);
    bed.then("web/o/wait", Words.waitFor(10));
    bed.whenRaised("web/p", 0);
    bed.note("web/p/late");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("one", "two");
    bed.pass(10);
    assertThat(bed.lines()).containsExactly("one", "two", "late");
  }
}

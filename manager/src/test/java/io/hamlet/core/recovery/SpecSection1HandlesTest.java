package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.model.ConditionType.RESTART;
import static io.hamlet.core.model.Rejection.Reason.NOT_FOUND;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.execute;
import static io.hamlet.core.recovery.Words.log;
import static io.hamlet.core.recovery.Words.restart;
import static io.hamlet.core.recovery.Words.signal;
import static io.hamlet.core.recovery.Words.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ObjectPath;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** ham.md 1.12 and 1.13: handles, and multistage recovery. */
class SpecSection1HandlesTest extends SpecBed {
  @Rule(
      value = "ham 1.12/1",
      says = "A handle whose entity is gone is not found, new namesake or not")
  void staleEntityHandle() {
    long old = bed.attach("web");
    bed.dies("web");
    bed.refuses(NOT_FOUND, raise(old));
    bed.attach("web");
    bed.refuses(NOT_FOUND, raise(old));
    bed.must(raise(bed.entity("web").uid()));
  }

  @Rule(value = "ham 1.12/2", says = "Without a handle number the name alone decides")
  void byName() {
    bed.attach("web");
    bed.dies("web");
    bed.attach("web");
    bed.must(raise(0));
  }

  @Rule(value = "ham 1.12/3", says = "A handle of a removed condition or action is not found")
  void staleLowerHandles() {
    bed.attach("web");
    long condition = bed.whenRaised("web/c", Words.KEEP_ON_EMPTY);
    long action = bed.then("web/c/a", log("x"));
    bed.remove("web/c/a");
    bed.then("web/c/a", log("x"));
    bed.refuses(NOT_FOUND, new Command.Remove(new Target(ObjectPath.parse("web/c/a"), action)));
    bed.remove("web/c");
    bed.whenRaised("web/c", 0);
    bed.refuses(NOT_FOUND, new Command.Remove(new Target(ObjectPath.parse("web/c"), condition)));
    assertThat(bed.condition("web/c")).isNotNull();
  }

  @Rule(value = "ham 1.12/4", says = "A handle outlives restarts of its entity")
  void handleOutlivesRestart() {
    long handle = bed.attach("web");
    bed.when("web/died", DEATH, REARM);
    bed.then("web/died/again", restart(), REARM);
    bed.dies("web");
    bed.must(raise(handle));
  }

  @Rule(value = "ham 1.12/5", says = "No two objects ever have the same handle number")
  void numbersAreUnique() {
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      assertThat(seen.add(bed.attach("web"))).isTrue();
      assertThat(seen.add(bed.when("web/died", DEATH))).isTrue();
      assertThat(seen.add(bed.then("web/died/note", log("x")))).isTrue();
      bed.dies("web");
    }
  }

  @Rule(value = "ham 1.12/6", says = "What names an object that does not exist is not found")
  void unknownObjects() {
    bed.attach("web");
    bed.refuses(NOT_FOUND, new Command.Remove(Target.of("web/none")));
    bed.refuses(NOT_FOUND, new Command.Remove(Target.of("web/none/x")));
    bed.refuses(NOT_FOUND, new Command.Detach(Target.of("none"), false));
    bed.refuses(NOT_FOUND, new Command.PublishState(Target.of("none"), 1));
    bed.refuses(NOT_FOUND, new Command.PublishRaise(Target.of("none"), 1, 1, 1));
    bed.refuses(NOT_FOUND, Bed.control("none", Command.ControlVerb.DISABLE, 0));
    bed.refuses(NOT_FOUND, Bed.condition("none/c", ConditionType.DEATH, Filter.NONE, 0));
    bed.refuses(NOT_FOUND, Bed.action("web/none/x", log("x"), 0));
    bed.refuses(NOT_FOUND, Bed.alternate("web/none/x", "item", log("x")));
    bed.refuses(NOT_FOUND, new Command.Resume(Target.of("none")));
  }

  @Rule(value = "ham 1.12/7", says = "A target of the wrong depth is refused")
  void wrongDepth() {
    bed.attach("web");
    bed.whenRaised("web/c", 0);
    bed.note("web/c/a");
    HamState before = bed.state;
    for (Command wrong :
        List.of(
            new Command.PublishState(Target.of("web/c"), 1),
            new Command.PublishRaise(Target.of("web/c/a"), 1, 1, 1),
            new Command.Detach(Target.of("web/c"), false),
            new Command.AddCondition(
                Target.of("web/c"),
                new Name("x"),
                DEATH,
                Filter.NONE,
                new Flags.OfCondition(0),
                Flags.Rearm.DEFAULT),
            new Command.AddAction(
                Target.of("web"),
                new Name("x"),
                log("x"),
                new Flags.OfAction(0),
                Flags.Rearm.DEFAULT),
            new Command.AddFailItem(Target.of("web/c"), new Name("x"), log("x")),
            new Command.Resume(Target.of("web/c")))) {
      assertThat(bed.ask(wrong)).as("%s", wrong).isInstanceOf(Reply.No.class);
      assertThat(bed.state).isSameAs(before);
    }
  }

  @Rule(
      value = "ham 1.13/1",
      says = "A list is carried out step by step, each when the last is done")
  void stepByStep() {
    bed.attach("web");
    bed.attach("dependant");
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.then("web/died/ready", waitFor("/run/web", 5000));
    bed.then("web/died/mount", execute("/bin/mount"));
    bed.then("web/died/tell", signal(bed.process("dependant"), 1));
    bed.note("web/died/end");
    bed.forgetEffects();
    bed.dies("web");
    assertThat(bed.ran()).containsExactly("/bin/web");
    bed.pass(100);
    bed.appears("/run/web");
    assertThat(bed.ran()).containsExactly("/bin/web", "/bin/mount");
    assertThat(bed.effects(Effect.Signal.class)).hasSize(1);
    assertThat(bed.lines()).containsExactly("end");
    assertThat(bed.state.deadlines()).isEmpty();
  }

  @Rule(value = "ham 1.13/2", says = "An action removed before its turn does not run")
  void removedMeanwhile() {
    waitingList();
    bed.remove("web/c/b");
    bed.pass(10);
    assertThat(bed.lines()).containsExactly("d");
  }

  @Rule(value = "ham 1.13/3", says = "An action added while the list runs still has its turn")
  void addedMeanwhile() {
    waitingList();
    bed.note("web/c/e");
    bed.pass(10);
    assertThat(bed.lines()).containsExactly("b", "d", "e");
  }

  @Rule(value = "ham 1.13/4", says = "A removed condition runs no further action")
  void conditionRemovedMeanwhile() {
    waitingList();
    bed.remove("web/c");
    bed.pass(10);
    assertThat(bed.lines()).isEmpty();
    assertThat(bed.state.lanes()).isEmpty();
    assertThat(bed.state.open()).isEmpty();
  }

  @Rule(value = "ham 1.13/5", says = "The removal of the action that runs lets the list go on")
  void runningRemovedMeanwhile() {
    waitingList();
    bed.remove("web/c/a");
    bed.pass(10);
    assertThat(bed.lines()).containsExactly("b", "d");
    assertThat(bed.state.open()).isEmpty();
  }

  @Rule(value = "ham 1.13/6", says = "Clean-up that stands before the restart runs before it")
  void cleanUpFirst() {
    bed.attach("web");
    bed.when("web/died", DEATH);
    bed.then("web/died/clean", execute("/bin/clean"));
    bed.then("web/died/again", restart());
    bed.forgetEffects();
    bed.dies("web");
    assertThat(bed.ran()).containsExactly("/bin/clean", "/bin/web");
  }

  @Rule(value = "ham 1.13/7", says = "The restart of one entity can drive actions on others")
  void restartDrivesOthers() {
    bed.attach("web");
    ProcessId other = bed.adopt("other");
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.when("web/restarted", RESTART);
    bed.then("web/restarted/tell", signal(other, 1));
    bed.dies("web");
    assertThat(bed.effects(Effect.Signal.class))
        .singleElement()
        .satisfies(s -> assertThat(s.process()).isEqualTo(other));
  }

  private void waitingList() {
    bed.attach("web");
    bed.whenRaised("web/c", 0);
    bed.then("web/c/a", waitFor(10));
    bed.note("web/c/b");
    bed.note("web/c/d");
    bed.raise("web");
  }

  private static Command raise(long uid) {
    return new Command.PublishRaise(new Target(ObjectPath.parse("web"), uid), 1, 1, 1);
  }
}

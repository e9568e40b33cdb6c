package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.model.Rejection.Reason.INVALID;
import static io.hamlet.core.recovery.Words.BREAK_ON_FAIL;
import static io.hamlet.core.recovery.Words.KEEP_ON_FAIL;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.execute;
import static io.hamlet.core.recovery.Words.healthy;
import static io.hamlet.core.recovery.Words.log;
import static io.hamlet.core.recovery.Words.pulse;
import static io.hamlet.core.recovery.Words.restart;
import static io.hamlet.core.recovery.Words.signal;
import static io.hamlet.core.recovery.Words.signalSelf;
import static io.hamlet.core.recovery.Words.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.ProcessId;
import org.junit.jupiter.api.BeforeEach;

/** ham.md 1.7: actions that fail, and their alternates. */
class SpecSection1FailTest extends SpecBed {
  private static final ProcessId GONE = new ProcessId(4, 4);

  @BeforeEach
  void aRaiseConditionAndAProgramThatCannotStart() {
    bed.attach("web");
    bed.whenRaised("web/c", 0);
    bed.broken.add("/bin/bad");
    bed.unreachable.add(GONE.pid());
  }

  @Rule(value = "ham 1.7/1", says = "When an action fails its alternates run, first added first")
  void alternatesRun() {
    bed.then("web/c/do", execute("/bin/bad"));
    bed.orElse("web/c/do", "z", log("first"));
    bed.orElse("web/c/do", "a", log("second"));
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("first", "second");
  }

  @Rule(value = "ham 1.7/2", says = "An action that succeeds runs no alternate")
  void successNeedsNoAlternate() {
    bed.then("web/c/do", execute("/bin/good"));
    bed.orElse("web/c/do", "item", log("no"));
    bed.raise("web");
    assertThat(bed.lines()).isEmpty();
    assertThat(bed.events()).contains("action-done web/c/do");
  }

  @Rule(value = "ham 1.7/3", says = "A restart is no alternate")
  void restartIsNoAlternate() {
    bed.when("web/died", DEATH);
    bed.then("web/died/do", execute("/bin/good"));
    bed.refuses(INVALID, Bed.alternate("web/died/do", "item", restart()));
  }

  @Rule(value = "ham 1.7/4", says = "heartbeat_healthy is no alternate")
  void healthyIsNoAlternate() {
    bed.then("web/c/do", execute("/bin/good"));
    bed.refuses(INVALID, Bed.alternate("web/c/do", "item", healthy()));
  }

  @Rule(value = "ham 1.7/5", says = "Without break-on-fail later actions run, after the alternates")
  void laterActionsRun() {
    bed.then("web/c/do", execute("/bin/bad"));
    bed.orElse("web/c/do", "wait", waitFor(10));
    bed.orElse("web/c/do", "item", log("alternate"));
    bed.note("web/c/later");
    bed.raise("web");
    assertThat(bed.lines()).isEmpty();
    bed.pass(10);
    assertThat(bed.lines()).containsExactly("alternate", "later");
  }

  @Rule(value = "ham 1.7/6", says = "Break-on-fail skips the later actions after the alternates")
  void breakOnFail() {
    bed.then("web/c/do", execute("/bin/bad"), BREAK_ON_FAIL);
    bed.orElse("web/c/do", "item", log("alternate"));
    bed.note("web/c/later");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("alternate");
  }

  @Rule(value = "ham 1.7/7", says = "Break-on-fail skips them for this occurrence only")
  void breakIsForOneOccurrence() {
    bed.then("web/c/do", execute("/bin/bad"), BREAK_ON_FAIL | KEEP_ON_FAIL);
    bed.note("web/c/later");
    bed.raise("web");
    assertThat(bed.lines()).isEmpty();
    bed.broken.clear();
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("later");
  }

  @Rule(value = "ham 1.7/8", says = "Break-on-fail means nothing while the action succeeds")
  void breakWithoutFailure() {
    bed.then("web/c/do", execute("/bin/good"), BREAK_ON_FAIL);
    bed.note("web/c/later");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("later");
  }

  @Rule(value = "ham 1.7/9", says = "A failed action is removed by default")
  void failedIsRemoved() {
    bed.then("web/c/do", execute("/bin/bad"));
    bed.note("web/c/later");
    bed.raise("web");
    assertThat(bed.action("web/c/do")).isNull();
    assertThat(bed.action("web/c/later")).isNotNull();
  }

  @Rule(value = "ham 1.7/10", says = "Keep-on-fail keeps a failed action")
  void failedIsKept() {
    bed.then("web/c/do", execute("/bin/bad"), KEEP_ON_FAIL);
    bed.raise("web");
    assertThat(bed.action("web/c/do")).isNotNull();
    bed.forgetEffects();
    bed.raise("web");
    assertThat(bed.events()).contains("action-failed web/c/do");
  }

  @Rule(value = "ham 1.7/11", says = "It is removed only after its alternates have run")
  void removedLast() {
    bed.then("web/c/do", execute("/bin/bad"));
    bed.orElse("web/c/do", "wait", waitFor(10));
    bed.note("web/c/later");
    bed.raise("web");
    assertThat(bed.action("web/c/do")).isNotNull();
    bed.pass(10);
    assertThat(bed.action("web/c/do")).isNull();
  }

  @Rule(value = "ham 1.7/12", says = "A failing alternate has no alternates; the next one runs")
  void failingAlternate() {
    bed.then("web/c/do", execute("/bin/bad"));
    bed.orElse("web/c/do", "one", execute("/bin/bad"));
    bed.orElse("web/c/do", "two", signal(GONE, 10));
    bed.orElse("web/c/do", "three", log("three"));
    bed.note("web/c/later");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("three", "later");
  }

  @Rule(value = "ham 1.7/13", says = "A log action never fails, even when its level is not reached")
  void logNeverFails() {
    bed.then("web/c/do", log("unseen", 9));
    bed.orElse("web/c/do", "item", log("no"));
    bed.raise("web");
    assertThat(bed.lines()).isEmpty();
    assertThat(bed.action("web/c/do")).isNotNull();
    assertThat(bed.events()).contains("action-done web/c/do");
  }

  @Rule(value = "ham 1.7/14", says = "heartbeat_healthy never fails, even where nothing beats")
  void healthyNeverFails() {
    bed.then("web/c/do", healthy());
    bed.orElse("web/c/do", "item", log("no"));
    bed.raise("web");
    assertThat(bed.lines()).isEmpty();
    assertThat(bed.action("web/c/do")).isNotNull();
  }

  @Rule(value = "ham 1.7/15", says = "A waitfor fails when its path does not appear in time")
  void waitforFails() {
    bed.then("web/c/do", waitFor("/run/web", 1000));
    bed.orElse("web/c/do", "item", log("late"));
    bed.raise("web");
    assertThat(bed.awaits("/run/web")).isTrue();
    bed.pass(1000);
    assertThat(bed.lines()).containsExactly("late");
    assertThat(bed.action("web/c/do")).isNull();
    assertThat(bed.awaits("/run/web")).as("the wait is forgotten").isFalse();
  }

  @Rule(
      value = "ham 1.7/16",
      says = "A waitfor without a path does not fail when its delay is over")
  void delayNeverFails() {
    bed.then("web/c/do", waitFor(1000));
    bed.orElse("web/c/do", "item", log("no"));
    bed.note("web/c/later");
    bed.raise("web");
    bed.pass(1000);
    assertThat(bed.lines()).containsExactly("later");
    assertThat(bed.action("web/c/do")).isNotNull();
  }

  @Rule(value = "ham 1.7/17", says = "An execute fails when its process cannot be created")
  void executeFails() {
    bed.then("web/c/do", execute("/bin/bad"));
    bed.raise("web");
    assertThat(bed.events()).contains("action-failed web/c/do");
  }

  @Rule(value = "ham 1.7/18", says = "The end of an executed process is not awaited")
  void executeIsNotAwaited() {
    bed.forgetEffects();
    bed.then("web/c/do", execute("/bin/good"));
    bed.note("web/c/later");
    bed.raise("web");
    assertThat(bed.ran()).containsExactly("/bin/good");
    assertThat(bed.lines()).containsExactly("later");
    assertThat(bed.effects(Effect.Watch.class)).isEmpty();
    assertThat(bed.state.open()).isEmpty();
  }

  @Rule(value = "ham 1.7/19", says = "A restart that cannot create its process is a failed action")
  void restartFails() {
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.orElse("web/died/again", "item", log("alternate"));
    bed.broken.add("/bin/web");
    bed.dies("web");
    assertThat(bed.lines()).containsExactly("alternate");
    assertThat(bed.events()).contains("action-failed web/died/again");
  }

  @Rule(value = "ham 1.7/20", says = "A signal that is not delivered is a failed action")
  void signalFails() {
    bed.then("web/c/do", signal(GONE, 10));
    bed.orElse("web/c/do", "item", log("alternate"));
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("alternate");
    assertThat(bed.action("web/c/do")).isNull();
  }

  @Rule(value = "ham 1.7/21", says = "A pulse to a channel that does not exist is a failed action")
  void pulseFails() {
    bed.then("web/c/do", pulse(77, 1, 5));
    bed.orElse("web/c/do", "item", log("alternate"));
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("alternate");
  }

  @Rule(value = "ham 1.7/22", says = "Keep-on-fail does not outlive the condition")
  void keptWithItsConditionOnly() {
    bed.when("web/died", DEATH);
    bed.then("web/died/again", restart());
    bed.then("web/died/do", execute("/bin/bad"), KEEP_ON_FAIL | REARM);
    bed.dies("web");
    assertThat(bed.condition("web/died")).isNull();
  }

  @Rule(value = "ham 1.7/23", says = "A signal to the entity's process fails while it has none")
  void signalToNobody() {
    bed.when("web/died", DEATH);
    bed.then("web/died/do", signalSelf(15));
    bed.orElse("web/died/do", "item", log("alternate"));
    bed.dies("web");
    assertThat(bed.lines()).containsExactly("alternate");
  }
}

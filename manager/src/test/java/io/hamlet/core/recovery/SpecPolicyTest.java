package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.backOff;
import static io.hamlet.core.recovery.Words.budget;
import static io.hamlet.core.recovery.Words.restart;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Life;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.RestartPolicy;
import io.hamlet.core.model.Target;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The restart policy, our extension of ham.md 1.9: budgets, back-off, giving up, resuming. */
class SpecPolicyTest extends SpecBed {
  @BeforeEach
  void anEntity() {
    bed.attach("web");
    bed.when("web/died", DEATH, REARM);
  }

  @Rule(value = "policy 1/1", says = "A budget of N allows N restarts within its period")
  void budgetIsAllowed() {
    policy(budget(3));
    for (int i = 0; i < 3; i++) {
      bed.dies("web");
      assertThat(bed.pid("web")).isPositive();
    }
  }

  @Rule(
      value = "policy 1/2",
      says = "One more restart within the period and the entity is given up")
  void budgetIsSpent() {
    policy(budget(3));
    spend(4);
    assertThat(bed.entity("web").life()).isInstanceOf(Life.GaveUp.class);
    assertThat(bed.events()).containsOnlyOnce("given-up web");
    assertThat(bed.ran()).hasSize(4);
  }

  @Rule(value = "policy 1/3", says = "A given-up entity stays, with its conditions and actions")
  void givenUpStays() {
    policy(budget(1));
    spend(2);
    assertThat(bed.action("web/died/again")).isNotNull();
    bed.pass(3_600_000);
    assertThat(bed.entity("web").life()).isInstanceOf(Life.GaveUp.class);
    assertThat(bed.pid("web")).isZero();
  }

  @Rule(value = "policy 1/4", says = "Restarts older than the period do not count")
  void oldRestartsDoNotCount() {
    policy(budget(2));
    for (int i = 0; i < 10; i++) {
      bed.pass(31_000);
      bed.dies("web");
      assertThat(bed.pid("web")).as("death %d", i).isPositive();
    }
  }

  @Rule(value = "policy 1/5", says = "Resume starts a given-up entity with a fresh budget")
  void resumeStarts() {
    policy(budget(1));
    spend(2);
    bed.must(new Command.Resume(Target.of("web")));
    assertThat(bed.pid("web")).isPositive();
    bed.dies("web");
    assertThat(bed.pid("web")).isPositive();
    bed.dies("web");
    assertThat(bed.entity("web").life()).isInstanceOf(Life.GaveUp.class);
  }

  @Rule(value = "policy 1/6", says = "Resume of an entity that was not given up is refused")
  void resumeOfALivingOne() {
    policy(budget(1));
    HamState before = bed.state;
    assertThat(bed.ask(new Command.Resume(Target.of("web")))).isInstanceOf(Reply.No.class);
    assertThat(bed.state).isSameAs(before);
  }

  @Rule(value = "policy 1/7", says = "What a given-up process left is ended before it is resumed")
  void resumeEndsRemains() {
    policy(budget(1));
    bed.dies("web");
    ProcessId last = bed.process("web");
    bed.dies("web");
    bed.must(new Command.Resume(Target.of("web")));
    assertThat(bed.effects(Effect.Prepare.class).getLast().remains().process()).isEqualTo(last);
  }

  /** A story of 2026-11-23: it ended the manager, and each that came after it. */
  @Test
  void aTryWhoseCommandWasTakenAwayMeanwhileFails() {
    policy(backOff(1000, 8000));
    bed.dies("web");
    bed.dies("web");
    bed.adopt("web");
    bed.dies("web");
    bed.pass(60_000);
    assertThat(bed.entity("web")).isNull();
    assertThat(bed.state.lanes()).isEmpty();
    assertThat(bed.events()).contains("action-failed web/died/again");
  }

  @Rule(value = "policy 2/1", says = "With back-off the first try comes at once")
  void firstTryAtOnce() {
    policy(backOff(1000, 8000));
    bed.pass(60_000);
    bed.dies("web");
    assertThat(bed.pid("web")).isPositive();
  }

  @Rule(
      value = "policy 2/2",
      says = "The second quick death in a row waits about the least back-off")
  void secondTryWaits() {
    policy(backOff(1000, 8000));
    bed.dies("web");
    bed.dies("web");
    assertThat(bed.pid("web")).isZero();
    bed.pass(499);
    assertThat(bed.pid("web")).isZero();
    bed.pass(1501);
    assertThat(bed.pid("web")).isPositive();
  }

  @Rule(value = "policy 2/3", says = "Back-off grows with each quick death and never over its cap")
  void backOffGrows() {
    policy(backOff(100, 1600));
    long sum = 0;
    long last = 0;
    for (int i = 0; i < 12; i++) {
      bed.dies("web");
      long waited = untilUp();
      assertThat(waited).isLessThanOrEqualTo(1600);
      sum += waited;
      last = waited;
    }
    assertThat(last).as("near the cap in the end").isGreaterThan(700);
    assertThat(sum).isGreaterThan(4 * 700);
  }

  @Rule(value = "policy 2/4", says = "A good run begins the back-off anew")
  void goodRunResets() {
    policy(backOff(1000, 8000));
    bed.dies("web");
    bed.dies("web");
    untilUp();
    bed.pass(8001);
    bed.dies("web");
    assertThat(bed.pid("web")).as("at once again").isPositive();
  }

  @Rule(value = "policy 2/5", says = "A failed start counts as a quick death and is tried again")
  void failedStartIsRetried() {
    policy(backOff(1000, 8000));
    bed.broken.add("/bin/web");
    bed.dies("web");
    bed.pass(2000);
    assertThat(bed.entity("web")).isNotNull();
    assertThat(bed.action("web/died/again")).isNotNull();
    bed.broken.clear();
    bed.pass(20_000);
    assertThat(bed.pid("web")).isPositive();
  }

  @Rule(value = "policy 2/6", says = "Failed starts spend the budget too")
  void failedStartsSpendTheBudget() {
    policy(
        new RestartPolicy(3, Duration.ofMinutes(10), Duration.ofMillis(10), Duration.ofMillis(50)));
    bed.broken.add("/bin/web");
    bed.dies("web");
    bed.pass(60_000);
    assertThat(bed.entity("web").life()).isInstanceOf(Life.GaveUp.class);
    assertThat(bed.events()).containsOnlyOnce("given-up web");
    assertThat(bed.state.deadlines()).isEmpty();
  }

  @Rule(value = "policy 2/7", says = "Detaching an entity in its back-off ends the wait")
  void detachInBackOff() {
    policy(backOff(1000, 8000));
    bed.dies("web");
    bed.dies("web");
    bed.must(new Command.Detach(Target.of("web"), false));
    bed.pass(60_000);
    assertThat(bed.ran()).as("nothing is started for it").hasSize(2);
    assertThat(bed.entity("web")).isNull();
    assertThat(bed.state.deadlines()).isEmpty();
  }

  @Rule(value = "policy 2/8", says = "A removed restart action restarts no more, even in back-off")
  void removedInBackOff() {
    policy(backOff(1000, 8000));
    bed.note("web/died/note", REARM);
    bed.dies("web");
    bed.dies("web");
    bed.remove("web/died/again");
    bed.pass(60_000);
    assertThat(bed.ran()).hasSize(2);
    assertThat(bed.state.open()).isEmpty();
    assertThat(bed.state.deadlines()).isEmpty();
  }

  @Rule(value = "policy 2/9", says = "After a long good run failed starts are backed off as well")
  void failedStartsAfterAGoodRun() {
    policy(backOff(1000, 8000));
    bed.pass(3_600_000);
    bed.broken.add("/bin/web");
    bed.forgetEffects();
    bed.dies("web");
    bed.pass(10_000);
    assertThat(bed.effects(Effect.Prepare.class)).hasSizeBetween(2, 8);
    bed.broken.clear();
    bed.pass(8_000);
    assertThat(bed.pid("web")).isPositive();
  }

  private void policy(RestartPolicy policy) {
    bed.then("web/died/again", restart(policy), REARM);
  }

  private void spend(int deaths) {
    for (int i = 0; i < deaths; i++) {
      bed.dies("web");
    }
  }

  private long untilUp() {
    long began = bed.millis();
    while (bed.pid("web") == 0) {
      bed.pass(10);
    }
    return bed.millis() - began;
  }
}

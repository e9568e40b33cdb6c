package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.model.Rejection.Reason.INVALID;
import static io.hamlet.core.recovery.Words.INDEPENDENT;
import static io.hamlet.core.recovery.Words.NO_WAIT;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.execute;
import static io.hamlet.core.recovery.Words.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Limits;

/** ham.md 1.5 and 1.6: conditions, actions, and the three ways they run. */
class SpecSection1OrderTest extends SpecBed {
  @Rule(value = "ham 1.5/1", says = "All conditions of the matching type fire, with all actions")
  void allConditionsFire() {
    bed.attach("web");
    bed.when("web/a", DEATH);
    bed.note("web/a/1");
    bed.note("web/a/2");
    bed.when("web/b", DEATH);
    bed.note("web/b/3");
    bed.dies("web");
    assertThat(bed.lines()).containsExactlyInAnyOrder("1", "2", "3");
  }

  @Rule(value = "ham 1.5/2", says = "Conditions of another type do not fire")
  void othersStayQuiet() {
    bed.attach("web");
    bed.whenRaised("web/raised", 0);
    bed.note("web/raised/no");
    bed.when("web/died", DEATH);
    bed.note("web/died/yes");
    bed.dies("web");
    assertThat(bed.lines()).containsExactly("yes");
  }

  @Rule(value = "ham 1.5/3", says = "An event of one entity fires nothing in another")
  void entitiesAreApart() {
    bed.attach("web");
    bed.attach("db");
    bed.when("db/died", DEATH);
    bed.note("db/died/no");
    bed.dies("web");
    assertThat(bed.lines()).isEmpty();
  }

  @Rule(value = "ham 1.5/4", says = "A condition can be removed with all its actions as a unit")
  void removedAsAUnit() {
    bed.attach("web");
    bed.when("web/a", DEATH);
    bed.note("web/a/no");
    bed.when("web/b", DEATH);
    bed.note("web/b/yes");
    bed.remove("web/a");
    bed.dies("web");
    assertThat(bed.lines()).containsExactly("yes");
  }

  @Rule(value = "ham 1.6/1", says = "Actions of a condition run in the order of their adding")
  void actionsAreFifo() {
    addThree(0);
    bed.raise("web");
    bed.pass(100);
    assertThat(bed.lines()).containsExactly("z", "y", "x");
  }

  @Rule(value = "ham 1.6/2", says = "That order holds in independent conditions")
  void independentActionsAreFifo() {
    addThree(INDEPENDENT);
    bed.raise("web");
    bed.pass(100);
    assertThat(bed.lines()).containsExactly("z", "y", "x");
  }

  @Rule(value = "ham 1.6/3", says = "That order holds in no-wait conditions, over slow starts too")
  void noWaitActionsAreFifo() {
    bed.attach("web");
    bed.whenRaised("web/c", NO_WAIT);
    bed.note("web/c/z");
    bed.then("web/c/start", execute("/bin/x"));
    bed.note("web/c/a");
    bed.holdStarts = true;
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("z");
    bed.release();
    assertThat(bed.lines()).containsExactly("z", "a");
  }

  @Rule(value = "ham 1.6/4", says = "A no-wait condition holds no waitfor action")
  void noWaitHoldsNoWait() {
    bed.attach("web");
    bed.whenRaised("web/c", NO_WAIT);
    bed.refuses(INVALID, Bed.action("web/c/wait", waitFor(10), 0));
    bed.refuses(INVALID, Bed.action("web/c/wait", waitFor("/p", 10), 0));
  }

  @Rule(value = "ham 1.6/5", says = "No-wait conditions are not held up by delays of others")
  void noWaitIsNotHeldUp() {
    bed.attach("web");
    bed.whenRaised("web/slow", 0);
    bed.then("web/slow/wait", waitFor(1000));
    bed.whenRaised("web/quick", NO_WAIT);
    bed.note("web/quick/note");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("note");
  }

  @Rule(value = "ham 1.6/6", says = "A delay in an independent condition holds up nothing else")
  void independentHoldsUpNothing() {
    bed.attach("web");
    bed.whenRaised("web/slow", INDEPENDENT);
    bed.then("web/slow/wait", waitFor(1000));
    bed.whenRaised("web/slow2", INDEPENDENT);
    bed.note("web/slow2/b");
    bed.whenRaised("web/other", 0);
    bed.note("web/other/a");
    bed.whenRaised("web/nowait", NO_WAIT);
    bed.note("web/nowait/c");
    bed.raise("web");
    assertThat(bed.lines()).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Rule(value = "ham 1.6/7", says = "An independent condition is not held up by a delay of others")
  void independentIsNotHeldUp() {
    bed.attach("web");
    bed.whenRaised("web/slow", 0);
    bed.then("web/slow/wait", waitFor(1000));
    bed.whenRaised("web/own", INDEPENDENT);
    bed.note("web/own/note");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("note");
  }

  @Rule(value = "ham 1.6/8", says = "In the remaining class a delay in one delays the next")
  void othersWaitForEachOther() {
    bed.attach("web");
    bed.attach("db");
    bed.whenRaised("web/slow", 0);
    bed.then("web/slow/wait", waitFor(1000));
    bed.whenRaised("db/next", 0);
    bed.note("db/next/note");
    bed.raise("web");
    bed.raise("db");
    bed.pass(999);
    assertThat(bed.lines()).isEmpty();
    bed.pass(1);
    assertThat(bed.lines()).containsExactly("note");
  }

  @Rule(value = "ham 1.6/9", says = "No-wait wins over independent")
  void noWaitWins() {
    bed.attach("web");
    bed.whenRaised("web/both", NO_WAIT | INDEPENDENT);
    bed.refuses(INVALID, Bed.action("web/both/wait", waitFor(10), 0));
    bed.then("web/both/start", execute("/bin/x"));
    bed.whenRaised("web/second", NO_WAIT);
    bed.note("web/second/note");
    bed.holdStarts = true;
    bed.raise("web");
    assertThat(bed.lines()).as("they share one lane").isEmpty();
    bed.release();
    assertThat(bed.lines()).containsExactly("note");
  }

  @Rule(value = "ham 1.6/10", says = "In a class conditions run in the order they became true")
  void orderOfBecomingTrue() {
    bed.attach("web");
    bed.attach("db");
    bed.whenRaised("web/c", 0);
    bed.then("web/c/wait", waitFor(10));
    bed.note("web/c/web");
    bed.whenRaised("db/c", 0);
    bed.note("db/c/db");
    bed.raise("web", 1, 1, 1);
    bed.raise("db");
    bed.raise("web");
    bed.pass(100);
    assertThat(bed.lines()).containsExactly("web", "db", "web");
  }

  @Rule(value = "ham 1.6/11", says = "Conditions that become true at once run in creation order")
  void tiesByCreation() {
    bed.attach("web");
    bed.whenRaised("web/z", 0);
    bed.note("web/z/first");
    bed.whenRaised("web/a", 0);
    bed.note("web/a/second");
    bed.raise("web");
    assertThat(bed.lines()).containsExactly("first", "second");
  }

  @Rule(value = "ham 1.6/12", says = "Triggers of a running condition are queued, not merged")
  void triggersAreQueued() {
    bed.attach("web");
    bed.whenRaised("web/c", 0);
    bed.then("web/c/wait", waitFor(10));
    bed.note("web/c/note");
    bed.raise("web");
    bed.raise("web");
    bed.raise("web");
    bed.pass(10);
    assertThat(bed.lines()).hasSize(1);
    bed.pass(20);
    assertThat(bed.lines()).hasSize(3);
  }

  @Rule(value = "ham 1.6/13", says = "The queue of a class is bounded; what is over is dropped")
  void queuesAreBounded() {
    Bed small = new Bed(new Limits(10, 10, 10, 10, 2, 10, 100, 10, 10, 2, 4));
    small.attach("web");
    small.whenRaised("web/c", 0);
    small.then("web/c/wait", waitFor(10));
    small.note("web/c/note");
    for (int i = 0; i < 10; i++) {
      small.raise("web");
    }
    small.pass(1000);
    assertThat(small.lines()).hasSizeBetween(2, 3);
    assertThat(small.state.lanes()).isEmpty();
    small.assertReplays();
  }

  @Rule(value = "ham 1.6/14", says = "No-wait conditions are first come, first served")
  void noWaitSharesALane() {
    bed.attach("web");
    bed.whenRaised("web/a", NO_WAIT);
    bed.then("web/a/start", execute("/bin/x"));
    bed.note("web/a/a");
    bed.whenRaised("web/b", NO_WAIT);
    bed.note("web/b/b");
    bed.holdStarts = true;
    bed.raise("web");
    bed.release();
    assertThat(bed.lines()).containsExactly("a", "b");
  }

  @Rule(value = "ham 1.6/15", says = "An independent condition queues its own triggers")
  void independentQueuesItsOwn() {
    bed.attach("web", 0);
    bed.whenRaised("web/c", INDEPENDENT | REARM);
    bed.then("web/c/wait", waitFor(10));
    bed.note("web/c/note");
    bed.raise("web");
    bed.raise("web");
    bed.pass(10);
    assertThat(bed.lines()).hasSize(1);
    bed.pass(10);
    assertThat(bed.lines()).hasSize(2);
  }

  private void addThree(int flags) {
    bed.attach("web");
    bed.whenRaised("web/c", flags);
    bed.note("web/c/z");
    bed.then("web/c/wait", waitFor(10));
    bed.note("web/c/y");
    bed.note("web/c/x");
  }
}

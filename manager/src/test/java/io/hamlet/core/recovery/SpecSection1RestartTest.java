package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.ABNORMAL_DEATH;
import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.model.ConditionType.RESTART;
import static io.hamlet.core.model.Rejection.Reason.EXISTS;
import static io.hamlet.core.model.Rejection.Reason.INVALID;
import static io.hamlet.core.recovery.Words.KEEP_ON_DEATH;
import static io.hamlet.core.recovery.Words.KEEP_ON_FAIL;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.beats;
import static io.hamlet.core.recovery.Words.restart;
import static io.hamlet.core.recovery.Words.restartAs;
import static io.hamlet.core.recovery.Words.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.ConditionType;
import io.hamlet.core.model.Deed;
import io.hamlet.core.model.Entity.Shape;
import io.hamlet.core.model.Filter;
import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.RestartPolicy;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** ham.md 1.9: the restart action. */
class SpecSection1RestartTest extends SpecBed {
  @BeforeEach
  void anEntity() {
    bed.attach("web");
  }

  @Rule(value = "ham 1.9/1", says = "A restart action is refused outside death conditions")
  void onlyUnderDeath() {
    for (ConditionType type : ConditionType.values()) {
      String path = "web/" + type.word();
      Filter filter =
          switch (type) {
            case STATE -> new Filter.Transition(0, 0);
            case RAISE -> new Filter.Raise(0, 0, 0);
            case ANY, DEATH, DETACH, RESTART, BEAT_MISSED_LOW, BEAT_MISSED_HIGH -> Filter.NONE;
            case ABNORMAL_DEATH, ATTACH, NODE_JOINED -> Filter.NONE;
            case NODE_LOST -> new Filter.Proven(io.hamlet.core.model.Proof.NONE);
          };
      bed.must(Bed.condition(path, type, filter, 0));
      if (!type.isDeath()) {
        bed.refuses(INVALID, Bed.action(path + "/again", restart(), 0));
      }
    }
  }

  @Rule(value = "ham 1.9/2", says = "It is allowed under an abnormal-death condition")
  void underAbnormalDeath() {
    bed.when("web/crashed", ABNORMAL_DEATH);
    bed.then("web/crashed/again", restart());
    bed.crashes("web");
    assertThat(bed.ran()).containsExactly("/bin/web", "/bin/web");
    assertThat(bed.pid("web")).isPositive();
  }

  @Rule(value = "ham 1.9/3", says = "An entity has one restart action over all death conditions")
  void onlyOne() {
    bed.when("web/a", DEATH);
    bed.when("web/b", DEATH);
    bed.when("web/c", ABNORMAL_DEATH);
    bed.then("web/a/again", restart());
    bed.refuses(EXISTS, Bed.action("web/a/other", restart(), 0));
    bed.refuses(EXISTS, Bed.action("web/b/again", restart(), 0));
    bed.refuses(EXISTS, Bed.action("web/c/again", restart(), 0));
  }

  @Rule(value = "ham 1.9/4", says = "When it is removed another may be added")
  void anotherAfterRemoval() {
    bed.when("web/a", DEATH);
    bed.when("web/b", DEATH);
    bed.then("web/a/again", restart());
    bed.remove("web/a/again");
    bed.then("web/b/again", restart());
    bed.dies("web");
    assertThat(bed.pid("web")).isPositive();
  }

  @Rule(value = "ham 1.9/5", says = "The restarted process is the same entity with a new pid")
  void sameEntityNewPid() {
    long uid = bed.entity("web").uid();
    long pid = bed.pid("web");
    rearmedRestart();
    bed.dies("web");
    assertThat(bed.entity("web").uid()).isEqualTo(uid);
    assertThat(bed.pid("web")).isPositive().isNotEqualTo(pid);
    assertThat(bed.entity("web").shape()).isEqualTo(Shape.ATTACHED);
    assertThat(bed.effects(Effect.Watch.class).getLast().process()).isEqualTo(bed.process("web"));
  }

  @Rule(
      value = "ham 1.9/6",
      says = "An empty command restarts the entity's own, else the given one")
  void whichCommand() {
    bed.attach("db");
    bed.when("db/died", DEATH);
    bed.then("db/died/again", restartAs("/bin/other"));
    rearmedRestart();
    bed.forgetEffects();
    bed.dies("web");
    bed.dies("db");
    assertThat(bed.ran()).containsExactly("/bin/web", "/bin/other");
  }

  @Rule(value = "ham 1.9/7", says = "A successful restart fires the restart conditions")
  void restartFires() {
    rearmedRestart();
    bed.when("web/restarted", RESTART);
    bed.note("web/restarted/note");
    bed.dies("web");
    bed.dies("web");
    assertThat(bed.lines()).containsExactly("note", "note");
    assertThat(bed.events()).contains("restart web");
  }

  @Rule(value = "ham 1.9/8", says = "It fires only once the process runs")
  void firesWhenItRuns() {
    rearmedRestart();
    bed.when("web/restarted", RESTART);
    bed.note("web/restarted/note");
    bed.holdStarts = true;
    bed.dies("web");
    assertThat(bed.lines()).isEmpty();
    assertThat(bed.events()).doesNotContain("restart web");
    bed.release();
    assertThat(bed.lines()).containsExactly("note");
  }

  @Rule(value = "ham 1.9/9", says = "A failed restart fires no restart condition")
  void failedFiresNot() {
    bed.attach("db", KEEP_ON_DEATH);
    bed.when("db/restarted", RESTART);
    bed.note("db/restarted/no");
    failingRestart("db", 0);
    assertThat(bed.lines()).isEmpty();
    assertThat(bed.events()).doesNotContain("restart db");
  }

  @Rule(value = "ham 1.9/10", says = "A failed restart action is removed by default")
  void failedIsRemoved() {
    bed.attach("db", KEEP_ON_DEATH);
    failingRestart("db", REARM);
    assertThat(bed.action("db/died/again")).isNull();
  }

  @Rule(value = "ham 1.9/11", says = "A failed restart action with keep-on-fail stays")
  void failedIsKept() {
    bed.attach("db", KEEP_ON_DEATH);
    failingRestart("db", REARM | KEEP_ON_FAIL);
    assertThat(bed.action("db/died/again")).isNotNull();
  }

  @Rule(value = "ham 1.9/12", says = "After a failed restart the entity is dead and not restarted")
  void failedMeansDead() {
    bed.attach("db");
    failingRestart("db", REARM | KEEP_ON_FAIL);
    assertThat(bed.entity("db")).isNull();
  }

  @Rule(value = "ham 1.9/13", says = "Without a policy restarts have no limit and no delay")
  void noLimit() {
    rearmedRestart();
    for (int i = 0; i < 50; i++) {
      bed.dies("web");
      assertThat(bed.pid("web")).isPositive();
    }
    assertThat(bed.entity("web").stats().restarts()).isEqualTo(50);
    assertThat(bed.state.deadlines()).isEmpty();
  }

  @Rule(value = "ham 1.9/14", says = "Deaths, restarts and starts are counted, with their times")
  void counted() {
    rearmedRestart();
    bed.pass(5000);
    bed.dies("web");
    var stats = bed.entity("web").stats();
    assertThat(stats.deaths()).isEqualTo(1);
    assertThat(stats.restarts()).isEqualTo(1);
    assertThat(stats.starts()).isEqualTo(2);
    assertThat(stats.lastDeath().bootNanos()).isEqualTo(bed.millis() * 1_000_000);
    assertThat(stats.restarted()).isNotNull();
    assertThat(bed.entity("web").exit().value()).isEqualTo(9);
  }

  @Rule(value = "ham 1.9/15", says = "A restarted self-attached entity keeps its conditions")
  void selfAttachedIsRestarted() {
    ProcessId old = selfAttachedWithRestart();
    bed.forgetEffects();
    bed.dies("svc");
    assertThat(bed.entity("svc").shape()).isEqualTo(Shape.ATTACHEDSELF);
    assertThat(bed.process("svc")).isNotEqualTo(old);
    assertThat(bed.condition("svc/died")).isNotNull();
    assertThat(bed.effects(Effect.Watch.class)).hasSize(1);
    bed.dies("svc");
    assertThat(bed.entity("svc").stats().restarts()).isEqualTo(2);
  }

  @Rule(value = "ham 1.9/16", says = "Its beats are watched again once it attaches itself again")
  void beatsBeginAgain() {
    selfAttachedWithRestart();
    bed.forgetEffects();
    bed.dies("svc");
    assertThat(bed.effects(Effect.WatchBeats.class)).isEmpty();
    bed.must(
        new Command.AttachSelf(
            new Name("svc"), bed.process("svc"), beats(2, 4), Flags.OfEntity.NONE));
    assertThat(bed.effects(Effect.WatchBeats.class)).hasSize(1);
    assertThat(bed.entity("svc").heartbeat().lowMark()).isEqualTo(2);
  }

  @Rule(value = "ham 1.9/17", says = "Only the process of that entity may attach itself again")
  void onlyItselfMayReattach() {
    selfAttachedWithRestart();
    bed.dies("svc");
    bed.refuses(
        EXISTS,
        new Command.AttachSelf(
            new Name("svc"), bed.newProcess(), beats(2, 4), Flags.OfEntity.NONE));
    long uid = bed.entity("svc").uid();
    bed.must(
        new Command.AttachSelf(new Name("svc"), bed.process("svc"), null, Flags.OfEntity.NONE));
    assertThat(bed.entity("svc").uid()).isEqualTo(uid);
  }

  @Rule(value = "ham 1.9/18", says = "Actions after the restart run once the spawn has returned")
  void laterActionsWaitForTheSpawn() {
    bed.when("web/died", DEATH);
    bed.note("web/died/before");
    bed.then("web/died/again", restart());
    bed.note("web/died/after");
    bed.holdStarts = true;
    bed.dies("web");
    assertThat(bed.lines()).containsExactly("before");
    bed.release();
    assertThat(bed.lines()).containsExactly("before", "after");
  }

  @Rule(value = "ham 1.9/19", says = "What the old process left is ended before its successor")
  void remainsAreEnded() {
    rearmedRestart();
    ProcessId old = bed.process("web");
    bed.forgetEffects();
    bed.dies("web");
    assertThat(bed.effects(Effect.Prepare.class))
        .singleElement()
        .satisfies(p -> assertThat(p.remains().process()).isEqualTo(old));
  }

  @Rule(value = "ham 1.9/20", says = "A first start has no remains to end")
  void firstStartEndsNothing() {
    assertThat(bed.effects(Effect.Prepare.class))
        .singleElement()
        .satisfies(p -> assertThat(p.remains()).isNull());
  }

  @Rule(value = "ham 1.9/21", says = "A process that dies while later actions run is restarted too")
  void deathDuringRecovery() {
    bed.when("web/died", DEATH, REARM);
    bed.then("web/died/again", restart(), REARM);
    bed.then("web/died/wait", waitFor(10), REARM);
    bed.note("web/died/note", REARM);
    bed.dies("web");
    bed.dies("web");
    assertThat(bed.pid("web")).as("the second death waits its turn").isZero();
    bed.pass(20);
    assertThat(bed.pid("web")).isPositive();
    assertThat(bed.lines()).containsExactly("note", "note");
    assertThat(bed.entity("web").stats().restarts()).isEqualTo(2);
    assertThat(bed.entity("web").deaths()).isEmpty();
  }

  @Rule(value = "ham 1.9/22", says = "The restart of an adopted process runs the given command")
  void adoptedIsRestarted() {
    bed.adopt("db");
    bed.when("db/died", DEATH);
    bed.then("db/died/again", new Deed.Restart(List.of("/bin/db", "-v"), RestartPolicy.NONE));
    bed.forgetEffects();
    bed.dies("db");
    assertThat(bed.ran()).containsExactly("/bin/db");
    assertThat(bed.entity("db").shape()).isEqualTo(Shape.ATTACHED);
    assertThat(bed.entity("db").life()).isInstanceOf(Life.Up.class);
  }

  private ProcessId selfAttachedWithRestart() {
    ProcessId process = bed.attachSelf("svc", beats(1, 3));
    bed.when("svc/died", DEATH, REARM);
    bed.then("svc/died/again", restartAs("/bin/svc"), REARM);
    return process;
  }

  private void rearmedRestart() {
    bed.when("web/died", DEATH, REARM);
    bed.then("web/died/again", restart(), REARM);
  }

  private void failingRestart(String entity, int flags) {
    bed.when(entity + "/died", DEATH, REARM);
    bed.then(entity + "/died/again", restart(), flags);
    bed.broken.add("/bin/" + entity);
    bed.dies(entity);
  }
}

package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.model.Rejection.Reason.UNAVAILABLE;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.restart;
import static io.hamlet.core.recovery.Words.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.RequestId;

/** ham.md 1.11 and 7.3: stopping the node, and its return. */
class SpecStopTest extends SpecBed {
  @Rule(value = "ham 1.11/19", says = "Stop ends the node, refuses requests, touches no entity")
  void stop() {
    bed.attach("web");
    bed.when("web/died", DEATH);
    bed.note("web/died/no");
    bed.must(Bed.stop(false));
    assertThat(bed.effects(Effect.EndNode.class)).hasSize(1);
    assertThat(bed.effects(Effect.End.class)).isEmpty();
    assertThat(bed.lines()).isEmpty();
    bed.refuses(UNAVAILABLE, Bed.attachment("db", 0));
  }

  @Rule(value = "ham 1.11/20", says = "Stop with entities ends their processes, with no condition")
  void stopWithEntities() {
    bed.attach("web");
    rearmedRestart("web");
    bed.attach("db");
    ProcessId web = bed.process("web");
    ProcessId db = bed.process("db");
    RequestId id = bed.nextRequest();
    assertThat(bed.ask(id, Bed.stop(true))).as("not before they are gone").isNull();
    assertThat(bed.effects(Effect.End.class).stream().map(Effect.End::process))
        .containsExactlyInAnyOrder(web, db);
    bed.dies("web", Exit.signaled(15, false));
    assertThat(bed.effects(Effect.EndNode.class)).isEmpty();
    bed.dies("db", Exit.signaled(15, false));
    assertThat(bed.effects(Effect.EndNode.class)).hasSize(1);
    assertThat(bed.answerTo(id)).isInstanceOf(Reply.Ok.class);
    assertThat(bed.ran()).as("nothing is restarted").hasSize(2);
    assertThat(bed.events()).doesNotContain("death web", "death db");
  }

  @Rule(value = "ham 1.11/21", says = "What a stop with entities ended is started at its return")
  void startedAtReturn() {
    bed.attach("web");
    rearmedRestart("web");
    bed.ask(Bed.stop(true));
    bed.dies("web", Exit.signaled(15, false));
    bed.takeOver(Bed.BOOT, false);
    assertThat(bed.pid("web")).isPositive();
    assertThat(bed.action("web/died/again")).isNotNull();
    bed.attach("db");
  }

  @Rule(value = "ham 1.11/22", says = "A stop without living entities ends the node at once")
  void stopWithoutEntities() {
    bed.placeholder("web");
    bed.must(Bed.stop(true));
    assertThat(bed.effects(Effect.EndNode.class)).hasSize(1);
  }

  @Rule(value = "ham 1.11/23", says = "A stop with entities ends what was being started, too")
  void stopDuringAStart() {
    bed.attach("web");
    bed.holdStarts = true;
    bed.ask(Bed.attachment("db", 0));
    RequestId id = bed.nextRequest();
    bed.ask(id, Bed.stop(true));
    bed.release();
    bed.dies("web", Exit.signaled(15, false));
    if (bed.entity("db") != null && bed.pid("db") != 0) {
      ProcessId db = bed.process("db");
      assertThat(bed.effects(Effect.End.class).stream().map(Effect.End::process)).contains(db);
      bed.dies("db", Exit.signaled(15, false));
    }
    assertThat(bed.answerTo(id)).isInstanceOf(Reply.Ok.class);
    assertThat(bed.effects(Effect.EndNode.class)).hasSize(1);
  }

  @Rule(value = "ham 1.11/24", says = "While the node stops with its entities none is restarted")
  void stopDuringARecovery() {
    bed.attach("web");
    bed.when("web/died", DEATH, REARM);
    bed.then("web/died/wait", waitFor(100), REARM);
    bed.then("web/died/again", restart(), REARM);
    bed.attach("db");
    bed.dies("web");
    RequestId id = bed.nextRequest();
    bed.ask(id, Bed.stop(true));
    bed.pass(1000);
    assertThat(bed.ran()).as("nothing is started while stopping").hasSize(2);
    bed.dies("db", Exit.signaled(15, false));
    assertThat(bed.answerTo(id)).isInstanceOf(Reply.Ok.class);
  }

  @Rule(value = "ham 1.11/25", says = "A node that rebooted in a stop works again")
  void rebootDuringAStop() {
    bed.attach("web");
    rearmedRestart("web");
    bed.ask(Bed.stop(true));
    bed.takeOver("boot-2", true);
    assertThat(bed.pid("web")).isPositive();
    bed.attach("db");
  }

  private void rearmedRestart(String entity) {
    bed.when(entity + "/died", DEATH, REARM);
    bed.then(entity + "/died/again", restart(), REARM);
  }
}

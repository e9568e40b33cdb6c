package io.hamlet.core.recovery;

import static io.hamlet.core.model.ConditionType.BEAT_MISSED_HIGH;
import static io.hamlet.core.model.ConditionType.BEAT_MISSED_LOW;
import static io.hamlet.core.model.ConditionType.DEATH;
import static io.hamlet.core.recovery.Words.REARM;
import static io.hamlet.core.recovery.Words.beats;
import static io.hamlet.core.recovery.Words.healthy;
import static io.hamlet.core.recovery.Words.restartAs;
import static io.hamlet.core.recovery.Words.signalSelf;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Flags;
import io.hamlet.core.model.Heartbeat.Health;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.ProcessId;
import org.junit.jupiter.api.BeforeEach;

/** ham.md 5: heartbeats, as far as the log sees them. */
class SpecSection5Test extends SpecBed {
  private ProcessId process;

  @BeforeEach
  void aBeatingEntity() {
    process = bed.attachSelf("svc", beats(2, 4));
    bed.when("svc/low", BEAT_MISSED_LOW);
    bed.note("svc/low/low");
    bed.when("svc/high", BEAT_MISSED_HIGH);
    bed.note("svc/high/high");
    bed.whenRaised("svc/heal", 0);
    bed.then("svc/heal/heal", healthy());
  }

  @Rule(
      value = "ham 5.1/1",
      says = "Beats are checked for self-attached entities with a period only")
  void whoBeats() {
    bed.attach("web");
    bed.adopt("db");
    bed.attachSelf("quiet");
    assertThat(bed.effects(Effect.WatchBeats.class))
        .singleElement()
        .satisfies(w -> assertThat(w.entity()).isEqualTo(new Name("svc")));
  }

  @Rule(value = "ham 5.2/1", says = "The low mark fires LOW and is latched")
  void low() {
    bed.misses("svc", false, 2);
    assertThat(bed.lines()).containsExactly("low");
    assertThat(health()).isEqualTo(Health.MISSED_LOW);
    assertThat(bed.events()).contains("beat-missed-low svc");
  }

  @Rule(value = "ham 5.2/2", says = "LOW does not fire again before the entity is healthy")
  void lowIsLatched() {
    bed.misses("svc", false, 2);
    bed.misses("svc", false, 2);
    assertThat(bed.lines()).containsExactly("low");
  }

  @Rule(value = "ham 5.2/3", says = "The high mark fires HIGH and is latched")
  void high() {
    bed.misses("svc", false, 2);
    bed.misses("svc", true, 4);
    assertThat(bed.lines()).containsExactly("low", "high");
    assertThat(health()).isEqualTo(Health.MISSED_HIGH);
    assertThat(bed.events()).contains("beat-missed-high svc");
  }

  @Rule(value = "ham 5.2/4", says = "After HIGH nothing fires, neither LOW nor HIGH")
  void highIsLatched() {
    bed.misses("svc", true, 4);
    bed.misses("svc", true, 4);
    bed.misses("svc", false, 2);
    assertThat(bed.lines()).containsExactly("high");
    assertThat(health()).isEqualTo(Health.MISSED_HIGH);
  }

  @Rule(value = "ham 5.2/5", says = "heartbeat_healthy resets the state; monitoring resumes")
  void healed() {
    bed.misses("svc", false, 2);
    bed.misses("svc", true, 4);
    bed.raise("svc");
    assertThat(health()).isEqualTo(Health.OK);
    assertThat(bed.effects(Effect.HealBeats.class)).hasSize(1);
    assertThat(bed.events()).contains("healthy svc");
    bed.misses("svc", false, 2);
    assertThat(bed.lines()).containsExactly("low", "high", "low");
  }

  @Rule(value = "ham 5.2/6", says = "A new attach_self of the process resets the state")
  void reattached() {
    bed.misses("svc", true, 4);
    bed.must(new Command.AttachSelf(new Name("svc"), process, beats(1, 3), Flags.OfEntity.NONE));
    assertThat(health()).isEqualTo(Health.OK);
    assertThat(bed.entity("svc").heartbeat().lowMark()).isEqualTo(1);
    assertThat(bed.effects(Effect.WatchBeats.class)).hasSize(2);
  }

  @Rule(value = "ham 5.2/7", says = "Death ends the checks; the next life begins without them")
  void deathEndsIt() {
    bed.when("svc/died", DEATH, REARM);
    bed.then("svc/died/again", restartAs("/bin/svc"), REARM);
    bed.misses("svc", false, 2);
    bed.dies("svc");
    bed.misses("svc", true, 4);
    assertThat(bed.lines()).containsExactly("low");
    assertThat(bed.entity("svc").heartbeat()).isNull();
  }

  @Rule(value = "ham 5.2/8", says = "Detaching ends the checks")
  void detachEndsIt() {
    var svc = bed.entity("svc");
    bed.detach("svc");
    assertThat(bed.effects(Effect.UnwatchBeats.class))
        .containsExactly(new Effect.UnwatchBeats(svc.uid(), 1));
  }

  @Rule(value = "ham 5.2/9", says = "Missed beats are counted for the statistics")
  void counted() {
    bed.misses("svc", false, 2);
    bed.misses("svc", true, 4);
    assertThat(bed.entity("svc").stats().beatsMissed()).isPositive();
  }

  @Rule(value = "ham 5.3/1", says = "A high mark can kill the process, and its death restart it")
  void killAndRestart() {
    bed.then("svc/high/kill", signalSelf(9));
    bed.when("svc/died", DEATH, REARM);
    bed.then("svc/died/again", restartAs("/bin/svc"), REARM);
    bed.misses("svc", true, 4);
    assertThat(bed.effects(Effect.Signal.class))
        .singleElement()
        .satisfies(s -> assertThat(s.process()).isEqualTo(process));
    bed.dies("svc");
    assertThat(bed.process("svc")).isNotEqualTo(process);
  }

  @Rule(value = "ham 5.4/1", says = "While suspended nobody's misses count")
  void suspended() {
    bed.must(new Command.HeartbeatControl(Command.HeartbeatVerb.SUSPEND));
    assertThat(bed.effects(Effect.SuspendBeats.class))
        .containsExactly(new Effect.SuspendBeats(true));
    bed.misses("svc", false, 2);
    bed.misses("svc", true, 4);
    assertThat(bed.lines()).isEmpty();
    assertThat(health()).isEqualTo(Health.OK);
  }

  @Rule(value = "ham 5.4/2", says = "Resumed, misses count again, and what was latched still is")
  void resumed() {
    bed.misses("svc", false, 2);
    bed.must(new Command.HeartbeatControl(Command.HeartbeatVerb.SUSPEND));
    bed.must(new Command.HeartbeatControl(Command.HeartbeatVerb.ACTIVE));
    assertThat(bed.effects(Effect.SuspendBeats.class).getLast().suspended()).isFalse();
    assertThat(health()).isEqualTo(Health.MISSED_LOW);
    bed.misses("svc", true, 4);
    assertThat(bed.lines()).containsExactly("low", "high");
  }

  @Rule(value = "ham 5.4/3", says = "A takeover keeps what is latched")
  void takeoverKeepsHealth() {
    bed.misses("svc", false, 2);
    bed.takeOver();
    assertThat(health()).isEqualTo(Health.MISSED_LOW);
  }

  private Health health() {
    return bed.entity("svc").heartbeat().health();
  }
}

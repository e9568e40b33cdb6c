package io.hamlet.core.recovery;

import static io.hamlet.core.sam.Recovery.QUIT;
import static io.hamlet.core.sam.Recovery.REBOOT;
import static io.hamlet.core.sam.Recovery.RESTART;
import static io.hamlet.core.sam.Recovery.SHUTDOWN;
import static io.hamlet.core.sam.Recovery.WATCHDOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamState;
import io.hamlet.core.sam.WatchdogJudge;
import io.hamlet.core.sam.WatchdogJudge.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The defects of corosync's watchdog and its keys (sam.md 2.9, 1 to 7) are not here. */
class SamDefectsTest {
  private final SamBed bed = new SamBed();

  private Verdict verdict() {
    Moment now = new Moment(bed.millis() * 1_000_000, 0);
    return WatchdogJudge.judge(bed.state.sam(), now, p -> null);
  }

  /** 1: explicit use does nothing, because recovery still says restart. */
  @Test
  void markFailedUnderRestartIsActedOn() {
    bed.registered(SamBed.strict(1_000, RESTART, "cmap"));
    bed.start();
    bed.ok(new SamCall.MarkFailed("enough"));
    bed.endsByKill();
    assertThat(bed.key("recovery")).isEqualTo("quit");
    assertThat(verdict()).isEqualTo(Verdict.RESET);
  }

  /** 2: registered and not started counts as bad. */
  @Test
  void whoIsRegisteredAndNotStartedIsNotJudged() {
    bed.registered(SamBed.strict(1_000, QUIT, "cmap"));
    bed.pass(3_600_000);
    assertThat(verdict()).isEqualTo(Verdict.PET);
  }

  /** 3: who waits for a quorum is judged by a time that stands still. */
  @Test
  void whoWaitsForAQuorumIsNotJudged() {
    bed.quorum(false);
    bed.registered(SamBed.strict(1_000, QUIT, "quorum cmap"));
    bed.call(new SamCall.Start(0));
    bed.pass(3_600_000);
    assertThat(bed.key("state")).isEqualTo("waiting for quorum");
    assertThat(verdict()).isEqualTo(Verdict.PET);
  }

  /** 4: start is answered twice, and the spare answer is taken for the next call's. */
  @Test
  void aStartIsAnsweredOnce() {
    bed.quorum(false);
    bed.registered(SamBed.strict(1_000, QUIT, "quorum cmap"));
    RequestId start = bed.nextRequest();
    bed.call(start, new SamCall.Start(0));
    bed.quorum(true);
    RequestId stop = bed.nextRequest();
    bed.call(stop, new SamCall.Stop(false));
    assertThat(
            bed.effects.stream().filter(e -> e instanceof Effect.Answer a && a.id().equals(start)))
        .hasSize(1);
    assertThat(
            bed.effects.stream().filter(e -> e instanceof Effect.Answer a && a.id().equals(stop)))
        .hasSize(1);
  }

  /** 5: a death in a blocked start kills the supervisor, which leaves "running" behind. */
  @Test
  void aDeathInABlockedStartLeavesTheRightStateBehind() {
    bed.quorum(false);
    bed.registered(SamBed.strict(1_000, QUIT, "quorum cmap"));
    bed.call(new SamCall.Start(0));
    bed.ends(Exit.signaled(9, false));
    assertThat(bed.key("state")).isEqualTo("failed");
    bed.quorum(true);
    assertThat(bed.at()).isEqualTo(SamState.FAILED);
  }

  /** 6: a changed period is never picked up. */
  @Test
  void aChangedPeriodCountsAtOnce() {
    bed.launched(SamBed.strict(1_000, RESTART, "cmap"));
    bed.call(
        new SamCall.Initialize(
            SamBed.strict(60_000, RESTART, "cmap"), bed.process(), null, "secret"));
    bed.call(new SamCall.Register());
    bed.start();
    assertThat(bed.key("poll_period")).isEqualTo("60000");
    bed.pass(80_000);
    assertThat(verdict()).isEqualTo(Verdict.PET);
    bed.pass(20_000);
    assertThat(verdict()).isEqualTo(Verdict.COMPLAIN);
  }

  /** 7: a verdict is never taken back. */
  @Test
  void aVerdictIsTakenBackWhenItsCauseIsGone() {
    bed.registered(SamBed.strict(1_000, QUIT, "cmap"));
    bed.start();
    bed.ends(Exit.exited(1));
    assertThat(verdict()).isEqualTo(Verdict.RESET);
    bed.registered(SamBed.strict(1_000, QUIT, "cmap"));
    assertThat(verdict()).isEqualTo(Verdict.PET);
    bed.start();
    bed.ends(Exit.exited(1));
    bed.ok(new SamCall.Clear());
    assertThat(verdict()).isEqualTo(Verdict.PET);
  }

  @ParameterizedTest
  @CsvSource({"QUIT, RESET", "WATCHDOG, RESET", "REBOOT, REBOOT", "SHUTDOWN, POWER_OFF"})
  void whatIsPublishedDecides(io.hamlet.core.sam.Recovery recovery, Verdict expected) {
    assertThat(new Object[] {QUIT, WATCHDOG, REBOOT, SHUTDOWN}).contains(recovery);
    bed.registered(SamBed.modern(1_000, recovery, "cmap"));
    bed.start();
    bed.ends(Exit.exited(1));
    assertThat(verdict()).isEqualTo(expected);
    bed.takeOver("boot-2", false);
    assertThat(verdict()).isEqualTo(Verdict.PET);
  }
}

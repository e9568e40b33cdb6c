package io.hamlet.core.recovery;

import static io.hamlet.core.model.Rejection.Reason.BAD_HANDLE;
import static io.hamlet.core.model.Rejection.Reason.INVALID;
import static io.hamlet.core.model.Rejection.Reason.NOT_PERMITTED;
import static io.hamlet.core.model.Rejection.Reason.TIMED_OUT;
import static io.hamlet.core.model.Rejection.Reason.UNAVAILABLE;
import static io.hamlet.core.sam.Recovery.QUIT;
import static io.hamlet.core.sam.Recovery.RESTART;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.sam.SamBook;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamEnd;
import io.hamlet.core.sam.SamState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the default mode does otherwise than libsam (sam.md 4.3), and what a takeover keeps. */
class SamChangesTest {
  private final SamBed bed = new SamBed();

  @AfterEach
  void theJournalReplays() {
    bed.assertReplays();
  }

  private void started(long millis, io.hamlet.core.sam.Recovery recovery, String flags) {
    bed.registered(SamBed.modern(millis, recovery, flags));
    bed.start();
  }

  @Test
  void aStatusCanBeASuccess() {
    bed.registered(SamBed.modern(1_000, RESTART, "", 0, 42));
    bed.start();
    bed.ends(Exit.exited(42));
    assertThat(bed.at()).isEqualTo(SamState.ENDED);
    assertThat(bed.entity("app")).isNull();
    bed.registered(SamBed.modern(1_000, RESTART, "", 0, 42));
    bed.start();
    bed.ends(Exit.exited(1));
    assertThat(bed.instance()).isEqualTo(2);
  }

  @Test
  void restartsAreLimitedAndThenItHasFailed() {
    started(0, RESTART, "cmap");
    for (int i = 0; i < 5; i++) {
      bed.ends(Exit.exited(1));
      bed.pass(10_000);
      bed.start();
    }
    assertThat(bed.instance()).isEqualTo(6);
    bed.ends(Exit.exited(1));
    bed.pass(10_000);
    assertThat(bed.at()).isEqualTo(SamState.FAILED);
    assertThat(bed.key("state")).isEqualTo("failed");
    assertThat(bed.program().end().cause()).isEqualTo(SamEnd.Cause.NOT_STARTED);
    assertThat(bed.entity("app").life()).isInstanceOf(Life.GaveUp.class);
    bed.must(new Command.Resume(io.hamlet.core.model.Target.of("app")));
    assertThat(bed.at()).isEqualTo(SamState.REGISTERED);
    assertThat(bed.instance()).isEqualTo(7);
  }

  @Test
  void theFirstRestartIsAtOnceAndTheNextOnesLater() {
    started(0, RESTART, "");
    bed.ends(Exit.exited(1));
    assertThat(bed.instance()).isEqualTo(2);
    bed.start();
    bed.ends(Exit.exited(1));
    assertThat(bed.at()).isEqualTo(SamState.RECOVERING);
    bed.pass(100);
    assertThat(bed.instance()).isEqualTo(3);
  }

  @Test
  void aSignalDeathIsToldAsShellsDo() {
    started(0, QUIT, "");
    bed.ends(Exit.signaled(11, true));
    assertThat(bed.program().end().status(false)).isEqualTo(139);
  }

  @Test
  void afterAQuorumWarningHeartbeatsDoNotPostponeTheKill() {
    started(1_000, RESTART, "quorum");
    bed.silence(200);
    bed.quorum(false);
    assertThat(bed.signals()).containsExactly(15);
    for (int i = 0; i < 9; i++) {
      bed.silence(100);
      bed.heartbeat();
      bed.store("x");
    }
    assertThat(bed.groupKilled()).isFalse();
    bed.quorum(true);
    bed.silence(100);
    assertThat(bed.groupKilled()).isTrue();
    assertThat(bed.program().doom()).isEqualTo(SamEnd.Cause.QUORUM);
  }

  @Test
  void afterAQuorumWarningAStopCounts() {
    started(1_000, RESTART, "quorum");
    bed.quorum(false);
    bed.stop();
    bed.silence(60_000);
    assertThat(bed.groupKilled()).isFalse();
  }

  @Test
  void withoutIntervalTheGraceEndsAQuorumWarning() {
    started(0, RESTART, "quorum");
    bed.quorum(false);
    bed.silence(9_999);
    assertThat(bed.groupKilled()).isFalse();
    bed.silence(1);
    assertThat(bed.groupKilled()).isTrue();
  }

  @Test
  void whoWasWarnedBeforeStillHasTheGraceWhenTheQuorumIsLost() {
    started(1_000, RESTART, "quorum");
    bed.silence(1_000);
    assertThat(bed.signals()).containsExactly(15);
    bed.heartbeat();
    bed.quorum(false);
    assertThat(bed.signals()).isEmpty();
    bed.silence(999);
    assertThat(bed.groupKilled()).isFalse();
    bed.silence(1);
    assertThat(bed.groupKilled()).isTrue();
  }

  /** It was told to go because it had failed, and an orderly end does not undo that. */
  @Test
  void aSuccessExitAfterAWarningIsAFailureAllTheSame() {
    bed.launched(SamBed.modern(1_000, RESTART, "", 0));
    bed.start();
    bed.silence(1_000);
    assertThat(bed.at()).isEqualTo(SamState.WARNED);
    bed.ends(Exit.exited(0));
    assertThat(bed.instance()).isEqualTo(2);
    assertThat(bed.program().end().cause()).isEqualTo(SamEnd.Cause.SILENT);
    bed.start();
    bed.ends(Exit.exited(0));
    assertThat(bed.at()).as("not warned, it ends well").isEqualTo(SamState.ENDED);
  }

  @Test
  void whoLostItsQuorumAndEndsInOrderIsStartedAgain() {
    bed.launched(SamBed.modern(1_000, RESTART, "quorum", 0));
    bed.start();
    bed.quorum(false);
    bed.ends(Exit.exited(0));
    assertThat(bed.instance()).isEqualTo(2);
  }

  @Test
  void aStopUnlessWarnedIsRefusedToTheWarned() {
    started(1_000, RESTART, "");
    bed.ok(new SamCall.Stop(true));
    bed.start();
    bed.silence(1_000);
    bed.no(BAD_HANDLE, new SamCall.Stop(true));
    bed.heartbeat();
    bed.no(BAD_HANDLE, new SamCall.Stop(true));
    bed.ok(new SamCall.Stop(false));
  }

  @Test
  void aNegativeIntervalAndAnImpossibleSignalAreRefused() {
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> SamBed.modern(-1, QUIT, ""));
    started(1_000, RESTART, "");
    bed.no(INVALID, new SamCall.WarnSignal(65));
    bed.no(INVALID, new SamCall.WarnSignal(-1));
    bed.ok(new SamCall.WarnSignal(0));
    bed.silence(1_999);
    assertThat(bed.signals()).isEmpty();
    assertThat(bed.at()).isEqualTo(SamState.WARNED);
    bed.silence(1);
    assertThat(bed.groupKilled()).isTrue();
  }

  @Test
  void aStartThatWaitsCanBeCancelledAndOtherCallsGoOn() {
    bed.quorum(false);
    bed.registered(SamBed.modern(1_000, RESTART, "quorum"));
    RequestId id = bed.nextRequest();
    assertThat(bed.call(id, new SamCall.Start(0))).isNull();
    bed.store("while it waits");
    bed.ok(new SamCall.WarnSignal(10));
    bed.ok(new SamCall.CancelStart());
    assertThat(reason(id)).isEqualTo(UNAVAILABLE);
    assertThat(bed.at()).isEqualTo(SamState.REGISTERED);
    bed.quorum(true);
    assertThat(bed.at()).isEqualTo(SamState.REGISTERED);
  }

  @Test
  void aStartWaitsNoLongerThanItsLimit() {
    bed.quorum(false);
    bed.registered(SamBed.modern(1_000, RESTART, "quorum"));
    RequestId id = bed.nextRequest();
    assertThat(bed.call(id, new SamCall.Start(3_000_000_000L))).isNull();
    bed.pass(2_999);
    assertThat(bed.answerTo(id)).isNull();
    bed.pass(1);
    assertThat(reason(id)).isEqualTo(TIMED_OUT);
    assertThat(bed.at()).isEqualTo(SamState.REGISTERED);
  }

  @Test
  void theWarningGoesToTheProcessAndTheKillToItsGroup() {
    started(1_000, RESTART, "");
    bed.silence(1_000);
    assertThat(bed.signals()).containsExactly(15);
    assertThat(bed.groupKilled()).isFalse();
    bed.silence(1_000);
    assertThat(bed.signals()).isEmpty();
    assertThat(bed.groupKilled()).isTrue();
  }

  @Test
  void whatCannotBeKilledHasFailedAndIsNotStartedBesideItself() {
    started(1_000, RESTART, "");
    bed.silence(2_000);
    bed.pass(10_000);
    assertThat(bed.at()).isEqualTo(SamState.FAILED);
    assertThat(bed.program().end().cause()).isEqualTo(SamEnd.Cause.UNKILLABLE);
    bed.endsByKill();
    assertThat(bed.ran()).isEmpty();
  }

  @Test
  void keysOfTheFailedAreKeptUntilClearedOrSuperseded() {
    started(0, QUIT, "cmap");
    bed.ends(Exit.exited(1));
    assertThat(bed.key("state")).isEqualTo("failed");
    bed.ok(new SamCall.Clear());
    assertThat(bed.program()).isNull();
    started(0, QUIT, "cmap");
    bed.ends(Exit.exited(1));
    bed.registered(SamBed.modern(0, QUIT, "cmap"));
    assertThat(bed.key("state")).isEqualTo("stopped");
  }

  /** The oldest go first; who lives is never one of them. */
  @Test
  void onlySoManyOfTheFailedAreKept() {
    started(0, QUIT, "cmap");
    for (int i = 0; i <= SamBook.MOST_OVER; i++) {
      Name name = new Name("p" + i);
      SamCall initialize =
          new SamCall.Initialize(SamBed.modern(0, QUIT, "cmap"), bed.newProcess(), null, "secret");
      bed.must(new Command.Sam(name, "", initialize));
      bed.must(new Command.Sam(name, "", new SamCall.Register()));
      bed.must(new Command.Sam(name, "", new SamCall.Start(0)));
      bed.dies(name.value(), Exit.exited(1));
      assertThat(bed.state.sam().find(name).state()).isEqualTo(SamState.FAILED);
    }
    assertThat(bed.state.sam().find(new Name("p0"))).isNull();
    assertThat(bed.state.sam().find(new Name("p1"))).isNotNull();
    assertThat(bed.state.sam().processes()).hasSize(SamBook.MOST_OVER + 1);
    assertThat(bed.at()).isEqualTo(SamState.STARTED);
  }

  @Test
  void aCallOfAnEarlierInstanceIsRefused() {
    bed.launched(SamBed.modern(1_000, RESTART, ""));
    String first = bed.program().token();
    bed.start();
    bed.endsByKill();
    bed.refuses(NOT_PERMITTED, new Command.Sam(SamBed.NAME, first, new SamCall.Start(0)));
    assertThat(bed.ask(new Command.Sam(SamBed.NAME, bed.program().token(), new SamCall.Start(0))))
        .isEqualTo(Reply.OK);
  }

  @Test
  void aLaunchedProgramIsToldWhoItIs() {
    bed.launched(SamBed.modern(1_000, RESTART, ""));
    bed.start();
    bed.endsByKill();
    Effect.Go go =
        bed.effects.stream()
            .filter(Effect.Go.class::isInstance)
            .map(Effect.Go.class::cast)
            .toList()
            .getLast();
    assertThat(go.environment())
        .extracting(v -> v.name() + "=" + v.value())
        .contains("HAM_PROCESS=app", "HAM_INSTANCE_ID=2", "HAM_SAM_TOKEN=secret.2");
    assertThat(bed.program().id()).isEqualTo(4711);
  }

  @Test
  void aTakeoverBetweenWarningAndKillCountsAnewAndKills() {
    started(1_000, RESTART, "");
    bed.silence(1_700);
    assertThat(bed.signals()).containsExactly(15);
    bed.takeOver();
    assertThat(bed.at()).isEqualTo(SamState.WARNED);
    bed.silence(999);
    assertThat(bed.groupKilled()).isFalse();
    bed.silence(1);
    assertThat(bed.groupKilled()).isTrue();
    assertThat(bed.signals()).doesNotContain(15);
    bed.endsByKill();
    assertThat(bed.instance()).isEqualTo(2);
  }

  @Test
  void aTakeoverDuringTheKillKillsAgain() {
    started(1_000, RESTART, "");
    bed.silence(2_000);
    bed.effects.clear();
    bed.takeOver();
    assertThat(bed.groupKilled()).isTrue();
  }

  @Test
  void aTakeoverDuringABlockedStartGoesOnWaiting() {
    bed.quorum(false);
    bed.registered(SamBed.modern(1_000, RESTART, "quorum"));
    RequestId id = bed.nextRequest();
    assertThat(bed.call(id, new SamCall.Start(0))).isNull();
    bed.takeOver();
    assertThat(bed.call(id, new SamCall.Start(0))).isNull();
    bed.quorum(true);
    assertThat(bed.answerTo(id)).isEqualTo(Reply.OK);
    assertThat(bed.at()).isEqualTo(SamState.STARTED);
    bed.silence(1_000);
    assertThat(bed.signals()).containsExactly(15);
  }

  @Test
  void dataSurvivesATakeover() {
    started(0, RESTART, "");
    bed.store("kept");
    bed.takeOver();
    assertThat(bed.restored()).isEqualTo("kept");
  }

  @Test
  void aRebootIsNoFailureAndWhatFailedBeforeIsJudgedNoMore() {
    started(0, QUIT, "cmap");
    bed.ends(Exit.exited(1));
    assertThat(bed.program().past()).isFalse();
    bed.takeOver("boot-2", false);
    assertThat(bed.program().past()).isTrue();
    bed.registered(SamBed.modern(0, RESTART, "cmap"));
    bed.start();
    bed.takeOver("boot-3", false);
    assertThat(bed.at()).isEqualTo(SamState.REGISTERED);
    assertThat(bed.instance()).isEqualTo(2);
    assertThat(bed.program().end().cause()).isEqualTo(SamEnd.Cause.REBOOT);
  }

  private Rejection.Reason reason(RequestId id) {
    return ((Reply.No) bed.answerTo(id)).rejection().reason();
  }
}

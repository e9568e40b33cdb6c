package io.hamlet.core.recovery;

import static io.hamlet.core.model.Rejection.Reason.BAD_HANDLE;
import static io.hamlet.core.model.Rejection.Reason.INVALID;
import static io.hamlet.core.sam.Recovery.QUIT;
import static io.hamlet.core.sam.Recovery.RESTART;
import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamEnd;
import io.hamlet.core.sam.SamState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was seen of libsam beside its own tests (sam.md 1.4 and 2), in strict mode. */
class SamSeenTest {
  private static final Exit TERMINATED = Exit.signaled(15, false);
  private final SamBed bed = new SamBed();

  @AfterEach
  void theJournalReplays() {
    bed.assertReplays();
  }

  private void started(long millis, io.hamlet.core.sam.Recovery recovery, String flags) {
    bed.registered(SamBed.strict(millis, recovery, flags));
    bed.start();
  }

  @Test
  void aNegativeIntervalIsNoLimit() {
    started(-5, RESTART, "");
    bed.silence(3_600_000);
    assertThat(bed.signals()).isEmpty();
    assertThat(bed.listening()).isNull();
  }

  @Test
  void instancesCountFromOne() {
    started(0, RESTART, "");
    assertThat(bed.instance()).isEqualTo(1);
    bed.ends(Exit.exited(0));
    assertThat(bed.instance()).isEqualTo(2);
  }

  @Test
  void anExitBeforeStartIsANormalEndUnderRestartToo() {
    bed.registered(SamBed.strict(1_000, RESTART, ""));
    bed.ends(Exit.exited(5));
    assertThat(bed.at()).isEqualTo(SamState.ENDED);
    assertThat(bed.program().end().status(true)).isEqualTo(5);
    assertThat(bed.ran()).isEmpty();
  }

  @Test
  void anExitAfterStopIsANormalEnd() {
    started(1_000, QUIT, "");
    bed.stop();
    bed.ends(Exit.exited(3));
    assertThat(bed.at()).isEqualTo(SamState.ENDED);
    assertThat(bed.program().end().status(true)).isEqualTo(3);
  }

  @Test
  void exitZeroWhileStartedIsAFailure() {
    started(1_000, RESTART, "");
    bed.ends(Exit.exited(0));
    assertThat(bed.instance()).isEqualTo(2);
    assertThat(bed.program().end().cause()).isEqualTo(SamEnd.Cause.EXITED);
  }

  @Test
  void quitEndsWithTheStatusOfTheProgramAndWithZeroAfterASignal() {
    started(1_000, QUIT, "");
    bed.ends(Exit.exited(7));
    assertThat(bed.at()).isEqualTo(SamState.FAILED);
    assertThat(bed.program().end().status(true)).isEqualTo(7);
    started(1_000, QUIT, "");
    bed.ends(Exit.signaled(11, true));
    assertThat(bed.program().end().status(true)).isZero();
  }

  @Test
  void storingDataAloneKeepsItAlive() {
    started(1_000, RESTART, "");
    for (int i = 0; i < 20; i++) {
      bed.silence(500);
      bed.store("x" + i);
    }
    assertThat(bed.signals()).isEmpty();
    bed.silence(1_000);
    assertThat(bed.signals()).containsExactly(15);
  }

  @Test
  void aWarnSignalChangeIsAMessageToo() {
    started(1_000, RESTART, "");
    bed.silence(900);
    bed.ok(new SamCall.WarnSignal(12));
    bed.silence(999);
    assertThat(bed.signals()).isEmpty();
    bed.silence(1);
    assertThat(bed.signals()).containsExactly(12);
  }

  @Test
  void theWarningStaysSpent() {
    started(1_000, RESTART, "");
    bed.silence(1_000);
    assertThat(bed.signals()).containsExactly(15);
    for (int i = 0; i < 5; i++) {
      bed.silence(500);
      bed.heartbeat();
    }
    assertThat(bed.signals()).isEmpty();
    bed.silence(1_000);
    assertThat(bed.signals()).containsExactly(9);
    bed.endsByKill();
    bed.start();
    bed.silence(1_000);
    assertThat(bed.signals()).containsExactly(15);
  }

  @Test
  void aStopAfterTheWarningSuspendsTheKill() {
    started(1_000, RESTART, "");
    bed.silence(1_000);
    assertThat(bed.signals()).containsExactly(15);
    bed.stop();
    bed.silence(60_000);
    assertThat(bed.signals()).isEmpty();
    bed.start();
    bed.silence(1_000);
    assertThat(bed.signals()).containsExactly(9);
  }

  @Test
  void anExitAfterTheWarningIsRecoveredAtOnce() {
    started(1_000, RESTART, "");
    bed.silence(1_200);
    bed.ends(TERMINATED);
    assertThat(bed.instance()).isEqualTo(2);
    assertThat(bed.program().end().cause()).isEqualTo(SamEnd.Cause.SILENT);
  }

  @Test
  void anImpossibleWarnSignalIsNotDelivered() {
    started(1_000, RESTART, "");
    bed.ok(new SamCall.WarnSignal(4711));
    bed.silence(1_000);
    assertThat(bed.signals()).isEmpty();
    bed.silence(1_000);
    assertThat(bed.signals()).containsExactly(9);
  }

  @Test
  void onlyTheOneProcessIsSignalled() {
    started(1_000, RESTART, "");
    bed.silence(2_000);
    assertThat(bed.signals()).containsExactly(15, 9);
    assertThat(bed.groupKilled()).isFalse();
  }

  @Test
  void dataStoredBeforeRegisterIsThereForAllInstances() {
    bed.initialize(SamBed.strict(0, RESTART, ""));
    bed.store("early");
    bed.call(new SamCall.Register());
    for (int i = 1; i < 4; i++) {
      assertThat(bed.restored()).isEqualTo("early");
      bed.start();
      bed.endsByKill();
    }
    bed.ok(new SamCall.StoreData(Blob.NONE));
    assertThat(bed.restored()).isEmpty();
  }

  @Test
  void startWithoutQuorumIsPublishedAndADeathInItIsAFailure() {
    bed.quorum(false);
    bed.registered(SamBed.strict(1_000, QUIT, "quorum cmap"));
    assertThat(bed.call(new SamCall.Start(0))).isNull();
    assertThat(bed.key("state")).isEqualTo("waiting for quorum");
    bed.silence(60_000);
    assertThat(bed.signals()).isEmpty();
    bed.ends(Exit.exited(0));
    assertThat(bed.at()).isEqualTo(SamState.FAILED);
  }

  @Test
  void whoSurvivesTheLossOfQuorumIsKilledAtTheNext() {
    started(1_000, RESTART, "quorum");
    bed.quorum(false);
    assertThat(bed.signals()).containsExactly(15);
    for (int i = 0; i < 10; i++) {
      bed.silence(500);
      bed.heartbeat();
    }
    bed.quorum(true);
    assertThat(bed.signals()).isEmpty();
    bed.quorum(false);
    assertThat(bed.signals()).containsExactly(9);
  }

  @Test
  void aSilentOneIsKilledOneIntervalAfterTheLossOfQuorum() {
    started(1_000, RESTART, "quorum");
    bed.silence(300);
    bed.quorum(false);
    assertThat(bed.signals()).containsExactly(15);
    bed.silence(999);
    assertThat(bed.signals()).isEmpty();
    bed.silence(1);
    assertThat(bed.signals()).containsExactly(9);
  }

  @Test
  void withoutIntervalALossOfQuorumWarnsAndNeverKills() {
    started(0, RESTART, "quorum");
    bed.quorum(false);
    assertThat(bed.signals()).containsExactly(15);
    bed.silence(3_600_000);
    assertThat(bed.signals()).isEmpty();
  }

  @Test
  void aLossOfQuorumWhileStoppedIsIgnored() {
    started(1_000, RESTART, "quorum");
    bed.stop();
    bed.quorum(false);
    bed.silence(60_000);
    assertThat(bed.signals()).isEmpty();
    assertThat(bed.at()).isEqualTo(SamState.REGISTERED);
  }

  @Test
  void markFailedEndsAsQuitWhateverThePolicy() {
    started(1_000, RESTART, "cmap");
    bed.ok(new SamCall.MarkFailed("broken"));
    assertThat(bed.key("recovery")).isEqualTo("quit");
    bed.no(BAD_HANDLE, new SamCall.Stop(false));
    bed.endsByKill();
    assertThat(bed.at()).isEqualTo(SamState.FAILED);
    assertThat(bed.program().end().cause()).isEqualTo(SamEnd.Cause.MARKED);
  }

  @Test
  void aHealthCheckNeedsAnIntervalAndIsForgottenByTheNextInstance() {
    bed.registered(SamBed.strict(0, RESTART, ""));
    bed.no(INVALID, new SamCall.HealthCheck(true));
    bed.ends(Exit.exited(0));
    bed.registered(SamBed.strict(100, RESTART, ""));
    bed.no(INVALID, new SamCall.HealthCheck(false));
    bed.ok(new SamCall.HealthCheck(true));
    bed.ok(new SamCall.HealthCheck(false));
    bed.ok(new SamCall.HealthCheck(true));
    bed.start();
    bed.ends(Exit.exited(0));
    bed.no(INVALID, new SamCall.HealthCheck(false));
  }

  @Test
  void aStartThatWaitsCanBeRepeatedAndIsAnsweredOnce() {
    bed.quorum(false);
    bed.registered(SamBed.strict(1_000, RESTART, "quorum"));
    RequestId id = bed.nextRequest();
    assertThat(bed.call(id, new SamCall.Start(0))).isNull();
    assertThat(bed.call(id, new SamCall.Start(0))).isNull();
    bed.quorum(true);
    assertThat(bed.answerTo(id)).isEqualTo(Reply.OK);
    long answers =
        bed.effects.stream().filter(e -> e instanceof Effect.Answer a && a.id().equals(id)).count();
    assertThat(answers).isEqualTo(1);
    bed.ok(new SamCall.Stop(false));
  }
}

package io.hamlet.core.recovery;

import static io.hamlet.core.model.Rejection.Reason.BAD_HANDLE;
import static io.hamlet.core.model.Rejection.Reason.INVALID;
import static io.hamlet.core.sam.Recovery.QUIT;
import static io.hamlet.core.sam.Recovery.RESTART;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.sam.Blob;
import io.hamlet.core.sam.SamCall;
import io.hamlet.core.sam.SamCalls;
import io.hamlet.core.sam.SamProcess;
import io.hamlet.core.sam.SamState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cases of libsam's own test program (sam.md 3), in strict mode, on a clock moved by hand. */
class SamCasesTest {
  private static final int SIGUSR1 = 10;
  private static final Exit TERMINATED = Exit.signaled(15, false);
  private final SamBed bed = new SamBed();

  @AfterEach
  void theJournalReplays() {
    bed.assertReplays();
  }

  /** 3.1. */
  @Test
  void basics() {
    bed.registered(SamBed.strict(2_000, RESTART, ""));
    bed.start();
    tenBeats();
    bed.silence(1_999);
    assertThat(bed.signals()).isEmpty();
    bed.silence(1);
    assertThat(bed.signals()).containsExactly(15);
    bed.ends(TERMINATED);

    assertThat(bed.instance()).isEqualTo(2);
    bed.start();
    tenBeats();
    bed.stop();
    bed.silence(3_000);
    assertThat(bed.signals()).isEmpty();
    bed.start();
    bed.silence(2_000);
    // Upstream returns 0 if it is not ended, and does not notice; here it is asserted.
    assertThat(bed.signals()).containsExactly(15);
    bed.ends(TERMINATED);

    assertThat(bed.instance()).isEqualTo(3);
    initializedOnceMore();
    bed.no(
        BAD_HANDLE,
        new SamCall.Initialize(SamBed.strict(2_000, RESTART, ""), bed.process(), null, "secret"));
    bed.start();
    bed.stop();
    bed.ok(new SamCall.Finalize());
    everythingIsOver();
    bed.send(new HamEvent.Died(SamBed.NAME, bed.program().uid(), bed.instance(), Exit.exited(0)));
    assertThat(bed.at()).isEqualTo(SamState.ENDED);
  }

  /** Here each instance runs the code before register too (sam.md 4.1). */
  private void initializedOnceMore() {
    bed.call(
        new SamCall.Initialize(SamBed.strict(2_000, RESTART, ""), bed.process(), null, "secret"));
    assertThat(bed.call(new SamCall.Register())).isEqualTo(new Reply.Number(bed.instance()));
  }

  private void everythingIsOver() {
    bed.no(BAD_HANDLE, new SamCall.Finalize());
    bed.no(
        BAD_HANDLE,
        new SamCall.Initialize(SamBed.strict(2, RESTART, ""), bed.process(), null, "secret"));
    bed.no(BAD_HANDLE, new SamCall.Start(0));
    bed.no(BAD_HANDLE, new SamCall.Stop(false));
    bed.no(BAD_HANDLE, new SamCall.Register());
    bed.no(BAD_HANDLE, new SamCall.HealthCheck(false));
    assertThatExceptionOfType(Refused.class).isThrownBy(bed::heartbeat);
  }

  private void tenBeats() {
    for (int i = 0; i < 10; i++) {
      bed.silence(1_000);
      bed.heartbeat();
    }
  }

  /** 3.2. */
  @Test
  void signal() {
    bed.registered(SamBed.strict(2_000, QUIT, ""));
    bed.start();
    bed.silence(1_000);
    bed.heartbeat();
    bed.silence(1_999);
    assertThat(bed.signals()).isEmpty();
    bed.silence(1);
    assertThat(bed.signals()).containsExactly(15);
    bed.silence(1_999);
    assertThat(bed.signals()).isEmpty();
    bed.silence(1);
    assertThat(bed.signals()).containsExactly(9);
    bed.endsByKill();
    assertThat(bed.at()).isEqualTo(SamState.FAILED);
    assertThat(bed.instance()).isEqualTo(1);
    assertThat(bed.program().end().status(true)).isZero();
    assertThat(bed.ran()).isEmpty();
  }

  /** Smoke: 99 instances kill themselves, the hundredth returns. */
  @Test
  void smoke() {
    bed.registered(SamBed.strict(0, RESTART, ""));
    for (int i = 1; i < 100; i++) {
      assertThat(bed.instance()).isEqualTo(i);
      bed.start();
      bed.ends(Exit.signaled(11, true));
    }
    assertThat(bed.instance()).isEqualTo(100);
    bed.ends(Exit.exited(0));
    assertThat(bed.at()).isEqualTo(SamState.ENDED);
    assertThat(bed.program().end().status(true)).isZero();
    assertThat(bed.entity("app")).isNull();
  }

  /** 3.3. */
  @Test
  void dataStoreAndRestore() {
    beforeInitialize();
    bed.initialize(SamBed.strict(0, RESTART, ""));
    assertThat(bed.program().data().size()).isZero();
    restoreRefused(-1);
    bed.store("a".repeat(128));
    assertThat(bed.program().data().size()).isEqualTo(128);
    restoreRefused(127);
    assertThat(SamCalls.restore(bed.program(), 128).size()).isEqualTo(128);
    assertThat(bed.restored()).isEqualTo("a".repeat(128));
    bed.ok(new SamCall.StoreData(Blob.NONE));
    assertThat(bed.program().data().size()).isZero();
    bed.store("b".repeat(128));
    bed.call(new SamCall.Register());

    bed.start();
    assertThat(bed.restored()).isEqualTo("b".repeat(128));
    bed.store("c".repeat(121));
    bed.ends(Exit.exited(1));

    bed.start();
    assertThat(bed.program().data().size()).isEqualTo(121);
    assertThat(SamCalls.restore(bed.program(), 128).size()).isEqualTo(121);
    assertThat(bed.restored()).isEqualTo("c".repeat(121));
    bed.ok(new SamCall.StoreData(Blob.NONE));
    bed.ends(Exit.exited(1));

    assertThat(bed.instance()).isEqualTo(3);
    assertThat(bed.program().data().size()).isZero();
    bed.ends(Exit.exited(0));
    assertThat(bed.at()).isEqualTo(SamState.ENDED);
  }

  private void beforeInitialize() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> SamCalls.restore(null, Long.MAX_VALUE))
        .satisfies(e -> assertThat(e.rejection().reason()).isEqualTo(BAD_HANDLE));
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> SamCalls.restore(null, -1))
        .satisfies(e -> assertThat(e.rejection().reason()).isEqualTo(INVALID));
    bed.no(BAD_HANDLE, new SamCall.StoreData(Blob.NONE));
  }

  private void restoreRefused(long room) {
    SamProcess p = bed.program();
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(() -> SamCalls.restore(p, room))
        .satisfies(e -> assertThat(e.rejection().reason()).isEqualTo(INVALID));
  }

  /** 3.4; the callback is the client library's, which stops sending after the eleventh. */
  @Test
  void healthChecks() {
    bed.registered(SamBed.strict(100, RESTART, ""));
    bed.ok(new SamCall.HealthCheck(true));
    bed.start();
    for (int i = 1; i <= 11; i++) {
      for (int quarter = 0; quarter < 4; quarter++) {
        bed.silence(25);
        bed.heartbeat();
      }
      bed.store(Integer.toString(i));
    }
    bed.silence(99);
    assertThat(bed.signals()).isEmpty();
    bed.silence(1);
    assertThat(bed.signals()).containsExactly(15);
    bed.ends(TERMINATED);
    assertThat(bed.instance()).isEqualTo(2);
    assertThat(bed.restored()).isEqualTo("11");
    assertThat(bed.program().eventDriven()).isFalse();
  }

  /** 3.5. */
  @Test
  void warnSignal() {
    bed.registered(SamBed.strict(2_000, RESTART, ""));
    bed.ok(new SamCall.WarnSignal(SIGUSR1));
    bed.start();
    bed.silence(1_000);
    bed.heartbeat();
    bed.silence(2_000);
    assertThat(bed.signals()).containsExactly(SIGUSR1);
    bed.store("1");
    bed.silence(1_999);
    assertThat(bed.signals()).isEmpty();
    bed.silence(1);
    assertThat(bed.signals()).containsExactly(9);
    bed.endsByKill();

    assertThat(bed.instance()).isEqualTo(2);
    assertThat(bed.restored()).isEqualTo("1");
    bed.ok(new SamCall.WarnSignal(9));
    bed.start();
    bed.silence(1_000);
    bed.heartbeat();
    bed.silence(1_999);
    assertThat(bed.signals()).isEmpty();
    bed.silence(1);
    assertThat(bed.signals()).containsExactly(9);
    bed.endsByKill();

    assertThat(bed.instance()).isEqualTo(3);
    assertThat(bed.restored()).isEqualTo("1");
    bed.ends(Exit.exited(0));
    assertThat(bed.at()).isEqualTo(SamState.ENDED);
  }

  /** 3.6. */
  @Test
  void quorum() {
    bed.quorum(false);
    bed.registered(SamBed.strict(2_000, RESTART, "quorum"));
    RequestId first = bed.nextRequest();
    assertThat(bed.call(first, new SamCall.Start(0))).isNull();
    bed.silence(5_000);
    assertThat(bed.answerTo(first)).isNull();
    bed.ends(Exit.exited(0));

    assertThat(bed.instance()).isEqualTo(2);
    RequestId second = bed.nextRequest();
    assertThat(bed.call(second, new SamCall.Start(0))).isNull();
    bed.quorum(true);
    assertThat(bed.answerTo(second)).isEqualTo(Reply.OK);
    assertThat(bed.at()).isEqualTo(SamState.STARTED);
    assertThat(bed.signals()).isEmpty();
    bed.quorum(false);
    assertThat(bed.signals()).containsExactly(15);
    bed.ends(TERMINATED);

    assertThat(bed.instance()).isEqualTo(3);
    bed.ends(Exit.exited(0));
    assertThat(bed.at()).isEqualTo(SamState.ENDED);
  }

  /** Start, then finalize, must not hang. */
  @Test
  void finalizeDeadlock() {
    bed.registered(SamBed.strict(2_000, RESTART, ""));
    bed.start();
    bed.ok(new SamCall.Finalize());
    bed.silence(10_000);
    assertThat(bed.signals()).isEmpty();
    assertThat(bed.instance()).isEqualTo(1);
  }

  /** 3.7. */
  @Test
  void cmapQuit() {
    cmapUpToTheSecondStart();
    bed.heartbeat();
    bed.stop();
    assertThat(bed.key("state")).isEqualTo("stopped");
    bed.ends(Exit.exited(0));
    // Nothing checks that upstream; they are removed there, and here.
    assertThat(bed.key("state")).isNull();
    assertThat(bed.program().end().status(true)).isZero();

    cmapUpToTheSecondStart();
    bed.silence(2_000);
    assertThat(bed.signals()).containsExactly(15);
    bed.ends(TERMINATED);
    assertThat(bed.program().end().status(true)).isZero();
    assertThat(bed.key("state")).isEqualTo("failed");
  }

  private void cmapUpToTheSecondStart() {
    bed.registered(SamBed.strict(2_000, QUIT, "cmap"));
    assertThat(bed.key("recovery")).isEqualTo("quit");
    assertThat(bed.key("state")).isEqualTo("stopped");
    assertThat(bed.key("last_updated")).isNull();
    bed.start();
    assertThat(bed.key("state")).isEqualTo("running");
    assertThat(bed.key("poll_period")).isEqualTo("2000");
    bed.stop();
    assertThat(bed.key("state")).isEqualTo("stopped");
    bed.silence(5_000);
    assertThat(bed.signals()).isEmpty();
    assertThat(bed.key("state")).isEqualTo("stopped");
    bed.start();
    assertThat(bed.key("state")).isEqualTo("running");
  }

  /** 3.8. */
  @Test
  void cmapRestart() {
    bed.registered(SamBed.strict(2_000, RESTART, "cmap"));
    for (int i = 1; i <= 2; i++) {
      assertThat(bed.instance()).isEqualTo(i);
      assertThat(bed.key("recovery")).isEqualTo("restart");
      assertThat(bed.key("state")).isEqualTo("stopped");
      bed.start();
      assertThat(bed.key("state")).isEqualTo("running");
      bed.silence(2_000);
      assertThat(bed.signals()).containsExactly(15);
      bed.ends(TERMINATED);
    }
    assertThat(bed.instance()).isEqualTo(3);
    bed.ok(new SamCall.MarkFailed("enough"));
    assertThat(bed.signals()).containsExactly(9);
    bed.endsByKill();
    assertThat(bed.instance()).isEqualTo(3);
    assertThat(bed.at()).isEqualTo(SamState.FAILED);
    assertThat(bed.program().end().status(true)).isZero();
    assertThat(bed.key("state")).isEqualTo("failed");
    assertThat(bed.entity("app")).isNull();
  }
}

package io.hamlet.core.sam;

import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.sam.SamProcess.Claim;

/** Which call is legal in which state: the matrix of sam.md 1.3. */
final class Legality {
  private Legality() {}

  /** A column of the matrix: the state as the program itself knows it. */
  enum Column {
    NOT_INIT,
    INITIALIZED,
    REGISTERED,
    STARTED,
    /** Ours: it is being killed and may only look after its data. */
    DOOMED,
    FINALIZED
  }

  /**
   * @param process null: there is none of that name
   */
  static Column column(SamProcess process) {
    if (process == null) {
      return Column.NOT_INIT;
    }
    return switch (process.state()) {
      case INITIALIZED -> Column.INITIALIZED;
      case REGISTERED, WAITING_QUORUM ->
          process.claim() == Claim.INITIALIZED ? Column.INITIALIZED : Column.REGISTERED;
      case STARTED, WARNED -> Column.STARTED;
      case KILLING -> Column.DOOMED;
      case FINALIZED -> Column.FINALIZED;
      case RECOVERING, FAILED, ENDED -> Column.NOT_INIT;
    };
  }

  /** Throws Refused for a call that makes no sense now. */
  static void check(SamProcess process, SamCall call) {
    if (!isLegal(process, call)) {
      throw wrong(process, call.getClass().getSimpleName());
    }
  }

  static Refused wrong(SamProcess process, String call) {
    String state = process == null ? "not initialized" : process.state().word();
    return new Refused(Rejection.Reason.BAD_HANDLE, call + " makes no sense now: it is " + state);
  }

  private static boolean isLegal(SamProcess p, SamCall call) {
    Column now = column(p);
    return switch (call) {
      case SamCall.Initialize c -> isNewInstance(p, c);
      case SamCall.Launch c -> now == Column.NOT_INIT;
      case SamCall.Register c -> now == Column.INITIALIZED;
      case SamCall.Start c -> now == Column.REGISTERED && p.state() == SamState.REGISTERED;
      case SamCall.CancelStart c -> now == Column.REGISTERED && p.waiting() != null;
      case SamCall.Stop c ->
          now == Column.STARTED && !(c.unlessWarned() && p.state() == SamState.WARNED);
      case SamCall.Unhealthy c -> now == Column.STARTED;
      case SamCall.HealthCheck c -> now == Column.REGISTERED && p.state() == SamState.REGISTERED;
      case SamCall.WarnSignal c -> isAlive(now);
      case SamCall.StoreData c -> isAlive(now);
      case SamCall.MarkFailed c -> now == Column.REGISTERED || now == Column.STARTED;
      case SamCall.Finalize c -> isAlive(now) && now != Column.DOOMED;
      case SamCall.Clear c -> p != null && p.state().isOver();
    };
  }

  /** The program of a launched instance, which speaks for the first time. */
  private static boolean isNewInstance(SamProcess p, SamCall.Initialize c) {
    return column(p) == Column.NOT_INIT && (p == null || p.state().isOver())
        || p != null
            && p.state() == SamState.REGISTERED
            && p.claim() == Claim.NONE
            && p.process().equals(c.process());
  }

  static boolean isAlive(Column now) {
    return switch (now) {
      case INITIALIZED, REGISTERED, STARTED, DOOMED -> true;
      case NOT_INIT, FINALIZED -> false;
    };
  }
}

package io.hamlet.core.sam;

import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.sam.SamEnd.Cause;
import io.hamlet.core.sam.SamProcess.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The calls of a program, or of somebody on its behalf (sam.md 1.4). Pure. */
public final class SamCalls {
  private static final int HIGHEST_SIGNAL = 64;

  private SamCalls() {}

  /**
   * What surrounds a call.
   *
   * @param quorate of the node, now
   * @param request that makes the call
   */
  public record Now(Moment at, boolean quorate, RequestId request) {}

  /**
   * Serves a call; throws Refused, in the order of checks of sam.md 1.3, and then nothing changes.
   *
   * @param p null: there is no program of that name
   */
  public static SamStep serve(SamProcess p, SamCall call, Now now) {
    if (call instanceof SamCall.StoreData store && store.data().size() > Blob.MOST_BYTES) {
      throw new Refused(
          Rejection.Reason.TOO_BIG,
          "data: " + store.data().size() + " bytes; at most " + Blob.MOST_BYTES + " are kept");
    }
    Legality.check(p, call);
    return switch (call) {
      case SamCall.Initialize c -> step(claimed(p, c), "initialize");
      case SamCall.Register c -> registered(p);
      case SamCall.Start c -> start(p, now, c.limitNanos());
      case SamCall.CancelStart c -> cancelled(p);
      case SamCall.Stop c -> stopped(heard(p, now));
      case SamCall.HealthCheck c -> step(checked(p, c.on()), "health check");
      case SamCall.WarnSignal c -> message(heard(p, now), signal(p, c.signal()), "warn signal");
      case SamCall.StoreData c -> message(heard(p, now), d -> d.data = c.data(), "data");
      case SamCall.MarkFailed c -> marked(p);
      case SamCall.Unhealthy c -> SamFacts.happened(heard(p, now), new SamFact.Silent(), now.at());
      case SamCall.Finalize c -> finalized(p);
      case SamCall.Launch c -> throw new IllegalStateException("begins anew: " + c);
      case SamCall.Clear c -> throw new IllegalStateException("leaves nothing: " + c);
    };
  }

  /**
   * The data that is kept (sam.md 1.4, data_restore).
   *
   * @param room in the caller's buffer; below 0: it has none
   */
  public static Blob restore(SamProcess p, long room) {
    if (room < 0) {
      throw Refused.invalid("room: there is no buffer to restore into");
    }
    if (!Legality.isAlive(Legality.column(p))) {
      throw Legality.wrong(p, "RestoreData");
    }
    if (p.data().size() > room) {
      throw Refused.invalid("room: " + p.data().size() + " bytes do not fit into " + room);
    }
    return p.data();
  }

  /** Refuses a call that makes no sense now. */
  public static void check(SamProcess p, SamCall call) {
    Legality.check(p, call);
  }

  /** A launched program that is not to start itself. */
  public static SamStep startNow(SamProcess p, Now now) {
    return start(p, now, 0);
  }

  /** Refuses a heartbeat that makes no sense now. */
  public static void checkHeartbeat(SamProcess p) {
    Legality.Column now = Legality.column(p);
    if (now != Legality.Column.STARTED && now != Legality.Column.DOOMED) {
      throw Legality.wrong(p, "Heartbeat");
    }
  }

  /** Supervision of a registered program begins, or waits for the quorum. */
  static SamStep start(SamProcess p, Now now, long limitNanos) {
    SamProcess told = heard(p, now);
    if (!p.contract().quorum() || now.quorate()) {
      return new SamStep(told.with(d -> d.state = SamState.STARTED), "start", listen(told));
    }
    List<SamAct> acts = limitNanos > 0 ? List.of(new SamAct.Await(limitNanos)) : List.of();
    return new SamStep(
        told.with(
            d -> {
              d.state = SamState.WAITING_QUORUM;
              d.waiting = now.request();
            }),
        "start",
        acts);
  }

  /** To count anew, or nothing without an interval. */
  static List<SamAct> listen(SamProcess p) {
    long period = p.contract().periodNanos();
    return period == 0 ? List.of() : List.of(new SamAct.Listen(period, period, false));
  }

  /** A start that waits gets its answer, and its limit goes. */
  static List<SamAct> release(SamProcess p, Rejection refusal) {
    List<SamAct> acts = new ArrayList<>();
    if (p.timer() != null) {
      acts.add(new SamAct.Forget());
    }
    if (p.waiting() != null) {
      acts.add(new SamAct.Answer(p.waiting(), refusal));
    }
    return acts;
  }

  private static SamProcess claimed(SamProcess p, SamCall.Initialize c) {
    return p.with(
        d -> {
          d.claim = Claim.INITIALIZED;
          d.contract = c.contract();
        });
  }

  private static SamStep registered(SamProcess p) {
    SamProcess known = p.with(d -> d.claim = Claim.REGISTERED);
    boolean first = p.state() == SamState.INITIALIZED;
    return step(first ? known.with(d -> d.state = SamState.REGISTERED) : known, "register");
  }

  private static SamStep cancelled(SamProcess p) {
    Rejection no = new Rejection(Rejection.Reason.UNAVAILABLE, "the start was cancelled");
    return new SamStep(waitsNoMore(p), "cancelled", release(p, no));
  }

  static SamProcess waitsNoMore(SamProcess p) {
    return p.with(
        d -> {
          d.state = SamState.REGISTERED;
          d.waiting = null;
          d.timer = null;
        });
  }

  private static SamStep stopped(SamProcess p) {
    return new SamStep(
        p.with(d -> d.state = SamState.REGISTERED), "stop", List.of(new SamAct.Deafen()));
  }

  private static SamProcess checked(SamProcess p, boolean on) {
    if (p.contract().periodNanos() == 0) {
      throw Refused.invalid("health check: there is no interval within which to check");
    }
    if (!on && !p.eventDriven()) {
      throw Refused.invalid("health check: there is none to take back");
    }
    return p.with(d -> d.eventDriven = on);
  }

  private static Consumer<SamProcess.Draft> signal(SamProcess p, int signal) {
    if (!p.contract().strict() && (signal < 0 || signal > HIGHEST_SIGNAL)) {
      throw Refused.invalid("signal: " + signal + " is not between 1 and 64, nor 0 for none");
    }
    return d -> d.warnSignal = signal;
  }

  private static SamStep marked(SamProcess p) {
    if (!p.contract().publish()) {
      throw Refused.invalid("mark_failed needs a program that publishes its state");
    }
    SamProcess quits = p.with(d -> d.contract = p.contract().with(Recovery.QUIT));
    SamStep kill = SamFacts.kill(quits, Cause.MARKED);
    List<SamAct> acts = new ArrayList<>(kill.acts());
    acts.add(new SamAct.Raise(Cause.MARKED));
    return new SamStep(kill.process(), "marked", acts);
  }

  private static SamStep finalized(SamProcess p) {
    Rejection no = new Rejection(Rejection.Reason.BAD_HANDLE, "it was finalized meanwhile");
    List<SamAct> acts = new ArrayList<>(release(p, no));
    acts.add(new SamAct.Deafen());
    if (p.isAttached()) {
      acts.add(new SamAct.Leave());
    }
    SamProcess over =
        p.with(
            d -> {
              d.state = SamState.FINALIZED;
              d.data = Blob.NONE;
              d.waiting = null;
              d.timer = null;
            });
    return new SamStep(over, "finalize", acts);
  }

  /** A change that is a message too: the time to the next one begins anew (sam.md 2.2). */
  private static SamStep message(SamProcess p, Consumer<SamProcess.Draft> change, String reason) {
    boolean counts = p.state() == SamState.STARTED || p.state() == SamState.WARNED;
    return new SamStep(p.with(change), reason, counts && !p.isDeaf() ? listen(p) : List.of());
  }

  private static SamProcess heard(SamProcess p, Now now) {
    return p.isAttached() ? p.with(d -> d.heard = now.at()) : p;
  }

  private static SamStep step(SamProcess p, String reason) {
    return new SamStep(p, reason, List.of());
  }
}

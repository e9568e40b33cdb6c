package io.hamlet.core.sam;

import io.hamlet.core.model.Exit;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.sam.SamCalls.Now;
import io.hamlet.core.sam.SamEnd.Cause;
import io.hamlet.core.sam.SamProcess.Claim;
import java.util.ArrayList;
import java.util.List;

/** What a supervisor does about what happens to its program (sam.md 2.3, 2.7, 4.2, 4.3). Pure. */
public final class SamFacts {
  /** What does not die of SIGKILL by then is told to be unkillable. */
  private static final long KILL_LIMIT_NANOS = 10_000_000_000L;

  private SamFacts() {}

  /** The next state; the same object, without acts, when the fact means nothing now. */
  public static SamStep happened(SamProcess p, SamFact fact, Moment at) {
    return switch (fact) {
      case SamFact.Silent f -> silent(p);
      case SamFact.QuorumLost f -> quorumLost(p);
      case SamFact.QuorumGained f -> quorumGained(p, at);
      case SamFact.Exited f -> exited(p, f.exit());
      case SamFact.Launched f -> launched(p, f, at);
      case SamFact.GivenUp f -> givenUp(p);
      case SamFact.Resumed f -> resumed(p);
      case SamFact.Detached f -> detached(p);
      case SamFact.NodeStopped f -> nodeStopped(p, f.comesBack());
      case SamFact.Rebooted f -> rebooted(p);
      case SamFact.Due f -> due(p);
    };
  }

  /** How a program that runs is listened to when the counting begins anew. */
  public static List<SamAct.Listen> patience(SamProcess p) {
    List<SamAct> acts =
        p.state() == SamState.WARNED && (p.isDeaf() || p.contract().periodNanos() > 0)
            ? listen(p, p.isDeaf())
            : SamCalls.listen(p);
    return acts.stream().map(a -> (SamAct.Listen) a).toList();
  }

  private static SamStep silent(SamProcess p) {
    if (p.state() == SamState.WARNED) {
      return kill(p, p.warning());
    }
    if (p.state() != SamState.STARTED) {
      return nothing(p);
    }
    return p.warning() != null || p.warnSignal() == SamProcess.SIGKILL
        ? kill(p, Cause.SILENT)
        : warn(p, Cause.SILENT, listen(p, false));
  }

  private static SamStep quorumLost(SamProcess p) {
    boolean counts = p.state() == SamState.STARTED || p.state() == SamState.WARNED;
    if (!counts || !p.contract().quorum() || p.isDeaf()) {
      return nothing(p);
    }
    boolean spent = p.warning() != null;
    if (p.contract().strict()) {
      return spent || p.warnSignal() == SamProcess.SIGKILL
          ? kill(p, Cause.QUORUM)
          : warn(p, Cause.QUORUM, SamCalls.listen(p));
    }
    // Who was warned before is not warned again, but has the time of a warning all the same.
    SamStep warned = warn(p, Cause.QUORUM, listen(p, true));
    return spent ? new SamStep(warned.process(), "quorum", listen(p, true)) : warned;
  }

  private static SamStep quorumGained(SamProcess p, Moment at) {
    if (p.state() != SamState.WAITING_QUORUM) {
      return nothing(p);
    }
    SamStep begun = SamCalls.start(SamCalls.waitsNoMore(p), new Now(at, true, p.waiting()), 0);
    List<SamAct> acts = new ArrayList<>(SamCalls.release(p, null));
    acts.addAll(begun.acts());
    return new SamStep(begun.process(), "quorum", acts);
  }

  private static SamStep warn(SamProcess p, Cause cause, List<SamAct> patience) {
    List<SamAct> acts = new ArrayList<>();
    acts.add(new SamAct.Warn(cause));
    acts.addAll(patience);
    SamProcess warned =
        p.with(
            d -> {
              d.state = SamState.WARNED;
              d.warning = cause;
            });
    return new SamStep(warned, cause.word(), acts);
  }

  /** After a warning: the grace, then as before. */
  private static List<SamAct> listen(SamProcess p, boolean deaf) {
    long grace = p.contract().graceNanos();
    return List.of(new SamAct.Listen(grace, deaf ? grace : p.contract().periodNanos(), deaf));
  }

  static SamStep kill(SamProcess p, Cause cause) {
    Rejection no = new Rejection(Rejection.Reason.BAD_HANDLE, "the process is being killed");
    List<SamAct> acts = new ArrayList<>(SamCalls.release(p, no));
    acts.add(new SamAct.Deafen());
    acts.add(new SamAct.Kill(cause));
    acts.add(new SamAct.Await(KILL_LIMIT_NANOS));
    SamProcess doomed =
        p.with(
            d -> {
              d.state = SamState.KILLING;
              d.doom = cause;
              d.waiting = null;
              d.timer = null;
            });
    return new SamStep(doomed, cause.word(), acts);
  }

  private static SamStep exited(SamProcess p, Exit exit) {
    switch (p.state()) {
      case INITIALIZED, FINALIZED -> {
        return over(p, SamState.ENDED, Cause.EXITED, exit, null);
      }
      case REGISTERED -> {
        return over(p, SamState.ENDED, Cause.EXITED, exit, new SamAct.Leave());
      }
      case RECOVERING, FAILED, ENDED -> {
        return nothing(p);
      }
      case WAITING_QUORUM, STARTED, WARNED, KILLING -> {
        boolean success =
            p.state() != SamState.KILLING
                && p.state() != SamState.WARNED
                && exit.kind() == Exit.Kind.EXITED
                && p.contract().successExits().contains(exit.value());
        if (success) {
          return over(p, SamState.ENDED, Cause.EXITED, exit, new SamAct.Leave());
        }
        return failed(p, cause(p), exit);
      }
    }
    throw new IllegalStateException("no such state: " + p.state());
  }

  private static Cause cause(SamProcess p) {
    if (p.doom() != null) {
      return p.doom();
    }
    return p.state() == SamState.WARNED ? p.warning() : Cause.EXITED;
  }

  private static SamStep failed(SamProcess p, Cause cause, Exit exit) {
    return p.contract().recovery() == Recovery.RESTART
        ? over(p, SamState.RECOVERING, cause, exit, new SamAct.Die())
        : over(p, SamState.FAILED, cause, exit, new SamAct.Die());
  }

  /** This instance is no more. */
  private static SamStep over(SamProcess p, SamState next, Cause cause, Exit exit, SamAct last) {
    Rejection no = new Rejection(Rejection.Reason.BAD_HANDLE, "the process has ended");
    List<SamAct> acts = new ArrayList<>(SamCalls.release(p, no));
    acts.add(new SamAct.Deafen());
    if (last != null) {
      acts.add(last);
    }
    SamProcess after =
        p.with(
            d -> {
              d.state = next;
              d.waiting = null;
              d.timer = null;
              d.doom = null;
              d.end = new SamEnd(p.instance(), cause, exit);
              d.data = next.isOver() ? Blob.NONE : p.data();
            });
    return new SamStep(after, cause.word(), acts);
  }

  private static SamStep launched(SamProcess p, SamFact.Launched fact, Moment at) {
    if (p.state() != SamState.RECOVERING) {
      return nothing(p);
    }
    SamProcess next =
        p.with(
            d -> {
              d.state = SamState.REGISTERED;
              d.claim = Claim.NONE;
              d.instance = p.instance() + 1;
              d.process = fact.process();
              d.warning = null;
              d.eventDriven = false;
            });
    return new SamStep(next, "launched", List.of());
  }

  private static SamStep givenUp(SamProcess p) {
    Exit exit = p.end() == null ? Exit.UNKNOWN : p.end().exit();
    return p.state() == SamState.RECOVERING
        ? over(p, SamState.FAILED, Cause.NOT_STARTED, exit, null)
        : nothing(p);
  }

  private static SamStep resumed(SamProcess p) {
    return p.state() == SamState.FAILED
        ? new SamStep(
            p.with(
                d -> {
                  d.state = SamState.RECOVERING;
                  d.past = false;
                }),
            "resumed",
            List.of())
        : nothing(p);
  }

  private static SamStep detached(SamProcess p) {
    return p.isAttached()
        ? over(p, SamState.ENDED, Cause.OPERATOR, Exit.UNKNOWN, null)
        : nothing(p);
  }

  private static SamStep nodeStopped(SamProcess p, boolean comesBack) {
    if (!p.isAttached()) {
      return nothing(p);
    }
    SamState next = comesBack ? SamState.RECOVERING : SamState.ENDED;
    return over(p, next, Cause.OPERATOR, Exit.UNKNOWN, null);
  }

  /** A reboot is no failure of the program, and what failed before it is judged no more. */
  private static SamStep rebooted(SamProcess p) {
    boolean again = p.isAttached() && p.contract().recovery() == Recovery.RESTART;
    return switch (p.state()) {
      case FAILED -> new SamStep(p.with(d -> d.past = true), "reboot", List.of());
      case RECOVERING, ENDED -> nothing(p);
      case INITIALIZED, REGISTERED, WAITING_QUORUM, STARTED, WARNED, KILLING, FINALIZED ->
          over(p, again ? SamState.RECOVERING : SamState.ENDED, Cause.REBOOT, Exit.REBOOT, null);
    };
  }

  private static SamStep due(SamProcess p) {
    SamProcess waited = p.with(d -> d.timer = null);
    if (p.state() == SamState.WAITING_QUORUM) {
      Rejection no =
          new Rejection(
              Rejection.Reason.TIMED_OUT, "there was no quorum in time; it is not started");
      return new SamStep(SamCalls.waitsNoMore(p), "no quorum", SamCalls.release(waited, no));
    }
    if (p.state() == SamState.KILLING) {
      SamStep failed = over(waited, SamState.FAILED, Cause.UNKILLABLE, Exit.UNKNOWN, null);
      List<SamAct> acts = new ArrayList<>(failed.acts());
      acts.add(new SamAct.Raise(Cause.UNKILLABLE));
      return new SamStep(failed.process(), "unkillable", acts);
    }
    return new SamStep(waited, "", List.of());
  }

  private static SamStep nothing(SamProcess p) {
    return new SamStep(p, "", List.of());
  }
}

package io.hamlet.core.sam;

import io.hamlet.core.model.Moment;
import java.util.function.Function;

/**
 * What a watchdog is to do about the supervised programs of its node (sam.md 4.7). Asked anew each
 * time, so a verdict is taken back as soon as its cause is gone. Pure.
 */
public final class WatchdogJudge {
  private WatchdogJudge() {}

  /** From the mildest to the hardest. */
  public enum Verdict {
    /** All is well: pet it. */
    PET,
    /** Pet it, and say that something is wrong. */
    COMPLAIN,
    /** Do not pet it; the hardware resets the host. */
    RESET,
    /** Reboot at once. */
    REBOOT,
    /** Power off at once. */
    POWER_OFF
  }

  /**
   * The hardest that any program asks for.
   *
   * @param heard when the newest message of a program came that is not in the log, or null
   */
  public static Verdict judge(SamBook book, Moment now, Function<SamProcess, Moment> heard) {
    Verdict hardest = Verdict.PET;
    for (SamProcess p : book.processes().values()) {
      Verdict one = isBad(p, now, heard.apply(p)) ? reaction(p.contract().recovery()) : Verdict.PET;
      hardest = one.compareTo(hardest) > 0 ? one : hardest;
    }
    return hardest;
  }

  /** Only what is published is judged, and only while it is said to run, or has failed. */
  static boolean isBad(SamProcess p, Moment now, Moment heard) {
    if (!p.contract().publish()) {
      return false;
    }
    return switch (p.state()) {
      case FAILED -> !p.past();
      case STARTED, WARNED -> isOverdue(p, now, heard);
      case INITIALIZED, REGISTERED, WAITING_QUORUM, KILLING, RECOVERING, FINALIZED, ENDED -> false;
    };
  }

  /** The period is that of now; silence beyond half as much again is the manager's own fault. */
  private static boolean isOverdue(SamProcess p, Moment now, Moment heard) {
    long period = p.contract().periodNanos();
    long logged = p.heard() == null ? 0 : p.heard().bootNanos();
    long newest = heard == null ? logged : Math.max(logged, heard.bootNanos());
    long grace = p.state() == SamState.WARNED ? p.contract().graceNanos() : 0;
    return period > 0 && now.bootNanos() - newest - grace > period + period / 2;
  }

  private static Verdict reaction(Recovery recovery) {
    return switch (recovery) {
      case QUIT, WATCHDOG -> Verdict.RESET;
      case REBOOT -> Verdict.REBOOT;
      case SHUTDOWN -> Verdict.POWER_OFF;
      case RESTART -> Verdict.COMPLAIN;
    };
  }
}

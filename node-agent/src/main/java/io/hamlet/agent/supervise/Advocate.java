package io.hamlet.agent.supervise;

import io.hamlet.agent.supervise.health.Finding;
import io.hamlet.agent.supervise.health.Finding.Verdict;
import io.hamlet.agent.supervise.notify.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Speaks to the supervisor for a program that does not know it: makes calls of SAM out of words of
 * sd_notify and findings of probes. For one thread, and without a clock: times are nanoseconds of
 * any clock that never goes back.
 */
final class Advocate {
  /** Signs of life that come faster are put together. */
  static final long GAP = 2_000_000;

  /** A status that changes faster is told later, the last one only. */
  static final long STATUS_GAP = 1_000_000_000L;

  private static final long NEVER = Long.MAX_VALUE;

  /** How the program stands to its supervisor, as we see it. */
  private enum Phase {
    /** No instance runs. */
    NONE,
    /** It runs, and is not supervised before it says that it is ready. */
    STARTING,
    SUPERVISED,
    /** Supervision is off until it shows that it goes on. */
    PAUSED,
    /** Supervision is off: it ends. */
    LEAVING
  }

  private final long interval;
  private final boolean startsWhenReady;
  private Phase phase = Phase.NONE;
  private boolean reloading;
  private long period;
  private long lastAlive;
  private long vouchUntil;
  private long lastBeat;
  private long beatAt = NEVER;
  private long alarmAt = NEVER;
  private String status = "";
  private String toldStatus = "";
  private long statusAt;
  private String trouble = "";
  private boolean isUnwell;
  private boolean isWarned;
  private boolean leaves;
  private final List<Deed> deeds = new ArrayList<>();

  /**
   * @param interval within which a sign of life is due; zero: no limit
   * @param startsWhenReady supervision begins when the program says so, not with the instance
   */
  Advocate(Duration interval, boolean startsWhenReady) {
    this.interval = interval.toNanos();
    this.startsWhenReady = startsWhenReady;
  }

  /**
   * An instance runs.
   *
   * @param isSupervised it is started already, by whoever launched it or before we came
   */
  List<Deed> began(boolean isSupervised, long now) {
    phase = isSupervised ? Phase.SUPERVISED : Phase.STARTING;
    reloading = false;
    period = interval;
    lastAlive = now;
    vouchUntil = now;
    lastBeat = now;
    beatAt = NEVER;
    alarmAt = NEVER;
    status = "";
    toldStatus = "";
    trouble = "";
    isUnwell = false;
    isWarned = false;
    leaves = false;
    if (phase == Phase.STARTING && !startsWhenReady) {
      start(now);
    }
    return done();
  }

  /** An instance runs that ran before we came; whether it was ready once nobody knows. */
  List<Deed> takenUp(boolean isSupervised, long now) {
    began(true, now);
    phase = isSupervised ? Phase.SUPERVISED : Phase.PAUSED;
    return done();
  }

  /** Somebody else started it: the program itself by other ways, or an operator. */
  void started(long now) {
    if (phase == Phase.STARTING) {
      start(now);
      deeds.clear();
    }
  }

  /** It was told that it will be killed. */
  void warned() {
    isWarned = true;
    leaves = false;
  }

  /** It said that it ends, and had no other reason. */
  boolean leaves() {
    return leaves;
  }

  /** No instance runs. */
  void ended() {
    phase = Phase.NONE;
    beatAt = NEVER;
    alarmAt = NEVER;
  }

  /** The program said something. */
  List<Deed> heard(Word word, long now) {
    if (phase == Phase.NONE) {
      return done();
    }
    switch (word) {
      case Word.Ready w -> ready(now);
      case Word.Reloading w -> {
        reloading = true;
        tell("reads its configuration again");
      }
      case Word.Stopping w -> stopping();
      case Word.Alive w -> alive(now);
      case Word.Trigger w -> unhealthy("said that it is unwell (WATCHDOG=trigger)");
      case Word.Period w -> period(w.every().toNanos(), now);
      case Word.Extend w -> extend(now + w.by().toNanos(), now);
      case Word.MainPid w -> {
        // Who it is was checked by whoever heard it.
      }
      case Word.Status w -> {
        status = w.text();
        tellStatus(now);
      }
      case Word.Error w -> tell("reports an error: " + w.text());
      case Word.Refused w -> tell(w.text());
      case Word.Faulty w -> tell("said " + w.text());
    }
    return done();
  }

  /** Somebody looked at it. */
  List<Deed> found(Finding finding, long now) {
    if (phase == Phase.NONE || phase == Phase.LEAVING) {
      return done();
    }
    if (finding.verdict() == Verdict.WELL && phase != Phase.SUPERVISED) {
      start(now);
    } else if (finding.verdict() != Verdict.SICK && phase == Phase.SUPERVISED) {
      // That nobody could look must never end a program.
      beat(now);
    }
    String kind = finding.verdict() == Verdict.WELL ? "" : finding.verdict().name() + " ";
    String found = (kind + finding.text()).strip();
    if (!found.equals(trouble)) {
      tell("health: " + (found.isEmpty() ? "well again" : found));
      trouble = found;
    }
    return done();
  }

  /**
   * A signal is about to be handed on; what follows is no failure.
   *
   * @param ends the program is expected to end by it; else its next sign of life is the end of that
   */
  List<Deed> signalled(boolean ends) {
    stop(ends || phase == Phase.LEAVING ? Phase.LEAVING : Phase.PAUSED, false);
    return done();
  }

  /** When {@link #due} wants to be called; Long.MAX_VALUE: not at all. */
  long nextDue() {
    long told = isNews() ? statusAt + STATUS_GAP : NEVER;
    return Math.min(told, Math.min(beatAt, alarmAt));
  }

  /** That time has come. */
  List<Deed> due(long now) {
    if (phase == Phase.SUPERVISED) {
      if (now >= alarmAt) {
        alarmAt = NEVER;
        unhealthy("has not said WATCHDOG=1 for " + period / 1_000_000 + " ms");
      }
      if (now >= beatAt) {
        beat(now);
      }
    }
    tellStatus(now);
    return done();
  }

  private void ready(long now) {
    if (phase == Phase.SUPERVISED) {
      if (reloading) {
        tell("is ready again");
      }
      alive(now);
    } else if (phase != Phase.LEAVING) {
      start(now);
    }
    reloading = false;
  }

  private void alive(long now) {
    if (phase == Phase.PAUSED) {
      start(now);
    } else if (phase == Phase.SUPERVISED) {
      isUnwell = false;
      lastAlive = now;
      reckon(now);
      beat(now);
    }
  }

  private void start(long now) {
    phase = Phase.SUPERVISED;
    lastAlive = now;
    lastBeat = now;
    deeds.add(new Deed.Start());
    reckon(now);
  }

  /** After a warning it does what it was told to, which makes its end no better. */
  private void stopping() {
    if (phase == Phase.SUPERVISED && !isWarned) {
      tell("says that it stops");
      leaves = true;
    }
    if (!isWarned) {
      stop(Phase.LEAVING, true);
    }
  }

  private void stop(Phase next, boolean ofItself) {
    if (phase == Phase.SUPERVISED) {
      deeds.add(new Deed.Stop(ofItself));
    }
    phase = phase == Phase.NONE ? Phase.NONE : next;
    beatAt = NEVER;
    alarmAt = NEVER;
  }

  private void unhealthy(String why) {
    // Said twice it would be killed at once: the second time counts as not having heard the
    // warning.
    if (phase == Phase.SUPERVISED && !isUnwell) {
      isUnwell = true;
      vouchUntil = lastAlive;
      beatAt = NEVER;
      deeds.add(new Deed.Unhealthy(why));
    }
  }

  private void period(long wanted, long now) {
    period = wanted;
    lastAlive = now;
    reckon(now);
  }

  private void extend(long until, long now) {
    vouchUntil = Math.max(vouchUntil, until);
    if (phase == Phase.SUPERVISED) {
      alarmAt = alarmAt == NEVER ? NEVER : Math.max(alarmAt, until);
      beat(now);
    }
  }

  /**
   * The supervisor knows one interval. Who wants a longer one is vouched for meanwhile; who wants a
   * shorter one, or any where there is none, is watched by us.
   */
  private void reckon(long now) {
    boolean isShorter = period > 0 && (interval == 0 || period < interval);
    alarmAt = isShorter ? Math.max(lastAlive + period, vouchUntil) : NEVER;
    if (period > interval && interval > 0) {
      vouchUntil = Math.max(vouchUntil, lastAlive + period - interval);
    }
    if (vouchUntil > now && phase == Phase.SUPERVISED) {
      beatAt = Math.min(beatAt, nextVouch(now));
    }
  }

  private void beat(long now) {
    if (now - lastBeat < GAP) {
      beatAt = Math.min(beatAt, lastBeat + GAP);
      return;
    }
    lastBeat = now;
    beatAt = vouchUntil > now ? nextVouch(now) : NEVER;
    deeds.add(new Deed.Beat());
  }

  /** The last time we vouch is exactly when that ends. */
  private long nextVouch(long now) {
    return interval == 0 ? NEVER : Math.min(vouchUntil, now + Math.max(GAP, interval / 4));
  }

  private void tellStatus(long now) {
    if (isNews() && (toldStatus.isEmpty() || now - statusAt >= STATUS_GAP)) {
      toldStatus = status;
      statusAt = now;
      tell("status: " + status);
    }
  }

  private boolean isNews() {
    return !status.isEmpty() && !status.equals(toldStatus);
  }

  private void tell(String line) {
    deeds.add(new Deed.Tell(line));
  }

  private List<Deed> done() {
    List<Deed> all = List.copyOf(deeds);
    deeds.clear();
    return all;
  }
}

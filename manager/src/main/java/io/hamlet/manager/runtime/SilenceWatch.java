package io.hamlet.manager.runtime;

import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.sam.Patience;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Messages;
import io.hamlet.manager.port.Ticker;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Listens to supervised programs. Confined to the core thread, but for {@link Messages}.
 *
 * <p>A message is one store and wakes nobody: the core looks when a program would be overdue had it
 * said nothing, and if it has, looks again later.
 */
public final class SilenceWatch implements Messages {
  private final Ticker clock;
  private final ConcurrentHashMap<Long, Listening> programs = new ConcurrentHashMap<>();
  private final TreeSet<Listening> queue =
      new TreeSet<>(Comparator.<Listening>comparingLong(l -> l.look).thenComparingLong(l -> l.uid));

  public SilenceWatch(Ticker clock) {
    this.clock = clock;
  }

  /** Listens from now on; whatever was before is forgotten, but when it was heard. */
  void watch(Effect.WatchSilence effect) {
    Listening old = programs.get(effect.uid());
    forget(old);
    Listening fresh = new Listening(effect, clock.now(), old);
    programs.put(fresh.uid, fresh);
    queue.add(fresh);
  }

  void unwatch(Effect.UnwatchSilence effect) {
    forget(programs.remove(effect.uid()));
  }

  /** CLOCK_BOOTTIME at which {@link #run} has work, or Long.MAX_VALUE. */
  long nextLook() {
    return queue.isEmpty() ? Long.MAX_VALUE : queue.first().look;
  }

  /** Looks at those that may be overdue, and posts each that is. */
  void run(Moment now, Inbox inbox) {
    while (nextLook() <= now.bootNanos()) {
      Listening l = queue.pollFirst();
      // A message may have come after the clock was read.
      long heard = l.heard == null ? Long.MIN_VALUE : l.heard.bootNanos();
      Patience.Verdict verdict = l.patience.look(now.bootNanos(), heard);
      if (verdict != Patience.Verdict.WAIT) {
        // Should the core not care, because the entity is disabled, it is told again.
        l.patience = l.patience.anew(now.bootNanos());
      }
      l.look = l.patience.due(heard);
      queue.add(l);
      if (verdict == Patience.Verdict.SILENT) {
        inbox.post(new HamEvent.Silent(l.program, l.uid, l.instance));
      }
    }
  }

  @Override
  public void heard(long uid, long instance) {
    Listening l = programs.get(uid);
    if (l != null && l.instance == instance) {
      l.heard = clock.now();
    }
  }

  @Override
  public Moment newest(long uid) {
    Listening l = programs.get(uid);
    return l == null ? null : l.heard;
  }

  private void forget(Listening l) {
    if (l != null) {
      queue.remove(l);
    }
  }

  /** One program. Its place in the queue depends on {@code look}: take it out to change that. */
  private static final class Listening {
    private final Name program;
    private final long uid;
    private final long instance;
    private Patience patience;
    private long look;
    private volatile Moment heard;

    Listening(Effect.WatchSilence effect, Moment now, Listening old) {
      program = effect.program();
      uid = effect.uid();
      instance = effect.instance();
      patience =
          new Patience(now.bootNanos(), effect.firstNanos(), effect.periodNanos(), effect.deaf());
      look = patience.due(Long.MIN_VALUE);
      heard = old == null ? null : old.heard;
    }
  }
}

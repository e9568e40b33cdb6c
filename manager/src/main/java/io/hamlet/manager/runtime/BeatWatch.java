package io.hamlet.manager.runtime;

import io.hamlet.core.heartbeat.BeatEvent;
import io.hamlet.core.heartbeat.BeatState;
import io.hamlet.core.heartbeat.HeartbeatMachine;
import io.hamlet.core.heartbeat.HeartbeatMachine.Mark;
import io.hamlet.core.model.Heartbeat;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.BeatTable;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Ticker;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches the beats of all beating lives. Confined to the core thread, but for {@link #lastBeat}.
 *
 * <p>Ticks fall on a common grid (see {@link BeatState}), so a thousand lives with a period of one
 * second wake the core twenty times a second, not a thousand.
 */
public final class BeatWatch {
  private final BeatTable table;
  private final Ticker clock;
  private final ConcurrentHashMap<Long, Watched> lives = new ConcurrentHashMap<>();

  /** Those that tick, next one first. A tree, not a heap: lives also leave from the middle. */
  private final TreeSet<Watched> queue =
      new TreeSet<>(
          Comparator.<Watched>comparingLong(w -> w.state.nextTick()).thenComparingLong(w -> w.uid));

  private boolean suspended;

  /**
   * @param table where beats are counted
   * @param clock tells when watching begins and resumes
   */
  public BeatWatch(BeatTable table, Ticker clock) {
    this.table = table;
    this.clock = clock;
  }

  /**
   * Watches from now on; an earlier life of the same entity is forgotten. The same life again is
   * counted anew.
   */
  public void watch(Effect.WatchBeats effect) {
    Watched old = lives.get(effect.uid());
    forget(old);
    Heartbeat contract = effect.heartbeat();
    BeatState state = BeatState.begin(contract, clock.now(), counter(contract));
    if (old != null && old.life == effect.life()) {
      state = state.remembering(old.state.lastBeat());
    }
    Watched watched = new Watched(effect.entity(), effect.uid(), effect.life(), state);
    if (suspended) {
      watched.step(new BeatEvent.Suspended());
    } else {
      queue.add(watched);
    }
    lives.put(watched.uid, watched);
  }

  /** Misses of this life count from zero. */
  public void heal(Effect.HealBeats effect) {
    Watched watched = lives.get(effect.uid());
    if (watched != null && watched.life == effect.life()) {
      watched.step(new BeatEvent.Healed());
    }
  }

  /** Watches this life no more; one that is not watched is ignored. */
  public void unwatch(Effect.UnwatchBeats effect) {
    Watched watched = lives.get(effect.uid());
    if (watched != null && watched.life == effect.life()) {
      forget(watched);
    }
  }

  /** Suspends all, or lets all count again from now (ham.md 5.4); twice is once. */
  public void suspend(Effect.SuspendBeats effect) {
    suspended = effect.suspended();
    queue.clear();
    Moment now = clock.now();
    for (Watched w : lives.values()) {
      w.step(
          suspended
              ? new BeatEvent.Suspended()
              : new BeatEvent.Resumed(now, counter(w.state.contract())));
      if (!suspended) {
        queue.add(w);
      }
    }
  }

  /** CLOCK_BOOTTIME at which {@link #run} has work, or Long.MAX_VALUE. */
  public long nextTick() {
    return queue.isEmpty() ? Long.MAX_VALUE : queue.first().state.nextTick();
  }

  /** Does the ticks that are due, and posts each mark that is reached. */
  public void run(Moment now, Inbox inbox) {
    while (nextTick() <= now.bootNanos()) {
      Watched w = queue.pollFirst();
      HeartbeatMachine.Step step = w.step(new BeatEvent.Tick(now, counter(w.state.contract())));
      queue.add(w);
      for (Mark mark : step.reached()) {
        inbox.post(
            new HamEvent.BeatsMissed(
                w.entity, w.uid, w.life, mark == Mark.HIGH, step.state().misses()));
      }
    }
  }

  /**
   * When a beat of this entity last counted, for people. Any thread.
   *
   * @return CLOCK_REALTIME nanoseconds; empty when it does not beat or has not yet
   */
  public OptionalLong lastBeat(long uid) {
    Watched watched = lives.get(uid);
    Moment at = watched == null ? null : watched.state.lastBeat();
    return at == null ? OptionalLong.empty() : OptionalLong.of(at.wallNanos());
  }

  private void forget(Watched watched) {
    if (watched != null) {
      queue.remove(watched);
      lives.remove(watched.uid);
    }
  }

  private long counter(Heartbeat contract) {
    return table.counter(contract.slot(), contract.generation());
  }

  /** One life. Its place in the queue depends on its state: take it out before a tick. */
  private static final class Watched {
    private final Name entity;
    private final long uid;
    private final long life;
    private volatile BeatState state;

    Watched(Name entity, long uid, long life, BeatState state) {
      this.entity = entity;
      this.uid = uid;
      this.life = life;
      this.state = state;
    }

    HeartbeatMachine.Step step(BeatEvent event) {
      HeartbeatMachine.Step step = HeartbeatMachine.apply(state, event);
      state = step.state();
      return step;
    }
  }
}

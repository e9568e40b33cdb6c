package io.hamlet.manager.runtime;

import io.hamlet.core.model.Entity;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Errand;
import io.hamlet.core.model.Life;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.Name;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.Entry;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamMachine;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import io.hamlet.core.recovery.Step;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.AckLevels;
import io.hamlet.manager.port.History;
import io.hamlet.manager.port.Journal;
import io.hamlet.manager.port.Messages;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.port.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The acting HAM's duty cycle: take an event, apply it, append it, do its effects. One thread calls
 * {@link #runOnce}; everybody else posts. The simulator calls the same method.
 */
public final class HamLoop implements Requests {
  private static final int BATCH = 256;

  /** So many lives are watched again between two looks at who calls and who has died. */
  private static final int WATCHED_AT_ONCE = 16;

  /** How many numbers a reign has for requests that came without an id. */
  private static final int SEQUENCE_BITS = 40;

  private final Journal journal;
  private final Ticker ticker;
  private final BeatWatch beats;
  private final SilenceWatch silence;
  private final EventHistory history;
  private final EffectRouter router;
  private final Waiters waiters;
  private final Mailbox mailbox;
  private final AtomicLong localSequence;

  /** Lives of the reign before that are not watched again yet. */
  private final ArrayDeque<Effect> unwatched = new ArrayDeque<>();

  private volatile HamState state;
  private EntryId next;

  /**
   * @param state as replayed from the log
   * @param first the id of the first entry of this reign
   * @param held nothing is done outside until another reign: the managers were lost too often
   * @param levels {@link AckLevels#alone} on a node that has no others
   */
  public HamLoop(
      HamState state,
      EntryId first,
      Mailbox mailbox,
      Journal journal,
      Ticker ticker,
      BeatWatch beats,
      EventHistory history,
      EffectRouter.Outside outside,
      boolean held,
      AckLevels levels) {
    this.state = state;
    this.next = first;
    this.mailbox = mailbox;
    this.journal = journal;
    this.ticker = ticker;
    this.beats = beats;
    this.history = history;
    this.silence = new SilenceWatch(ticker);
    this.router = new EffectRouter(outside, beats, silence, history, held);
    this.waiters = new Waiters(levels);
    this.localSequence = new AtomicLong(first.epoch() << SEQUENCE_BITS);
    levels.onChange(waiters::risen);
  }

  /**
   * Begins the reign: logs it, then has everything performed that the state says is under way. If
   * that is nothing, the lives are watched again bit by bit, by {@link #runOnce}, and callers and
   * the dead need not wait for all of them. Core thread, once, before the first {@link #runOnce}.
   */
  public void begin(HamEvent.TookOver event) {
    Step step = log(event, ticker.now());
    for (Effect effect : step.effects()) {
      // Effects of work under way are in the state, and resume finds them there.
      switch (effect) {
        case Effect.Announce a -> router.perform(a);
        case Effect.WriteLog l -> router.perform(l);
        default -> {}
      }
    }
    // A start under way looks for its process among those that are nobody's: all must be known.
    boolean idle = state.open().isEmpty();
    for (Effect effect : HamMachine.resume(state)) {
      if (idle && isWatch(effect)) {
        unwatched.add(effect);
      } else {
        router.perform(effect);
      }
    }
  }

  /**
   * Handles what has come in, then sleeps until something comes or a deadline is near.
   *
   * @return true if there was something to do
   */
  public boolean runOnce() {
    Moment now = ticker.now();
    int handled = 0;
    Mailbox.Item item;
    while (handled < BATCH && (item = mailbox.poll()) != null) {
      handle(item, now);
      handled++;
    }
    if (state.nextDeadline() <= now.bootNanos()) {
      apply(new HamEvent.TimePassed(), now);
      handled++;
    }
    journal.flush();
    beats.run(now, mailbox);
    silence.run(now, mailbox);
    if (!unwatched.isEmpty()) {
      watchSome();
      // Looks at what is ready, and does not sleep.
      ticker.await(now.bootNanos());
      return true;
    }
    if (handled == 0 && mailbox.isEmpty()) {
      long ticks = Math.min(beats.nextTick(), silence.nextLook());
      ticker.await(Math.min(state.nextDeadline(), ticks));
    }
    return handled > 0;
  }

  private void watchSome() {
    for (int i = 0; i < WATCHED_AT_ONCE && !unwatched.isEmpty(); i++) {
      Effect watch = unwatched.poll();
      if (isStillWanted(watch)) {
        router.perform(watch);
      }
    }
  }

  private static boolean isWatch(Effect effect) {
    return effect instanceof Effect.Watch || effect instanceof Effect.WatchBeats;
  }

  /** The state may have gone on since the reign began. */
  private boolean isStillWanted(Effect watch) {
    return switch (watch) {
      case Effect.Watch w -> lives(w.entity(), w.uid(), w.life()) != null;
      case Effect.WatchBeats b -> {
        Entity entity = lives(b.entity(), b.uid(), b.life());
        yield entity != null && b.heartbeat().equals(entity.heartbeat());
      }
      default -> true;
    };
  }

  private Entity lives(Name name, long uid, long life) {
    Entity entity = state.entities().get(name);
    boolean same =
        entity != null
            && entity.uid() == uid
            && entity.life() instanceof Life.Up up
            && up.number() == life;
    return same ? entity : null;
  }

  @Override
  public CompletableFuture<Answered> submit(
      RequestId id, Command command, Ack wanted, Duration timeout) {
    CompletableFuture<Answered> future = new CompletableFuture<>();
    RequestId named = id.client() == 0 ? new RequestId(0, localSequence.incrementAndGet(), 0) : id;
    Waiters.Waiter waiter = new Waiters.Waiter(future, wanted, timeout);
    if (!mailbox.offer(new Mailbox.Item.Request(named, command, waiter))) {
      Rejection busy =
          new Rejection(
              Rejection.Reason.UNAVAILABLE,
              Mailbox.MOST_REQUESTS + " requests wait already; ask again");
      future.complete(new Answered(new Reply.No(busy), Ack.LOCAL, true));
    }
    return future;
  }

  @Override
  public HamState state() {
    return state;
  }

  @Override
  public long durableIndex() {
    return journal.durableIndex();
  }

  @Override
  public History history() {
    return history;
  }

  @Override
  public Messages messages() {
    return silence;
  }

  private void handle(Mailbox.Item item, Moment now) {
    switch (item) {
      case Mailbox.Item.Observation o when isUnwelcome(o.event()) -> {
        HamEvent.Asked asked = (HamEvent.Asked) o.event();
        Errand.Fate full =
            new Errand.Fate.Refused("the log of node '" + state.node() + "' is full");
        router.perform(new Effect.Report(asked.id(), full));
      }
      case Mailbox.Item.Observation o -> apply(o.event(), now);
      case Mailbox.Item.Request r -> {
        waiters.add(r.id(), r.waiter());
        if (journal.hasRoom()) {
          apply(new HamEvent.Requested(r.id(), r.command()), now);
        } else {
          Rejection full =
              new Rejection(
                  Rejection.Reason.UNAVAILABLE,
                  "the log cannot take changes: its disk is full or hangs; 'ham status' says more");
          waiters.answer(r.id(), new Reply.No(full), 0, false);
        }
      }
    }
  }

  /** What others ask for is refused as requests are while the log has no room for it. */
  private boolean isUnwelcome(HamEvent event) {
    return event instanceof HamEvent.Asked asked
        && !journal.hasRoom()
        && state.errands().find(asked.id()) == null;
  }

  private void apply(HamEvent event, Moment now) {
    Step step = log(event, now);
    boolean ends = false;
    for (Effect effect : step.effects()) {
      switch (effect) {
        case Effect.Answer answer -> {}
        case Effect.EndNode end -> ends = true;
        default -> router.perform(effect);
      }
    }
    // Last, because it wakes a thread that may take this one's processor.
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Answer answer) {
        // An old answer repeated must be on disk as well before it is given again.
        boolean refused = answer.reply() instanceof Reply.No && !step.changed();
        waiters.answer(answer.id(), answer.reply(), state.last().index(), !refused);
      }
    }
    if (ends) {
      // Who leaves the cluster first has no replica left that could make an answer good.
      waiters.given().thenRun(() -> router.perform(new Effect.EndNode()));
    }
  }

  private Step log(HamEvent event, Moment now) {
    Entry entry = new Entry(next, now, event);
    Step step = HamMachine.apply(state, entry);
    if (step.changed()) {
      journal.append(entry, step.state());
      state = step.state();
      next = next.next();
    }
    return step;
  }
}

package io.hamlet.it.api;

import io.hamlet.core.model.EffectId;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Limits;
import io.hamlet.core.model.Moment;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.Refused;
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
import io.hamlet.manager.port.History;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.ProcessControl;
import io.hamlet.manager.port.PulseBell;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.runtime.EventHistory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The real core on a thread of its own, with processes that exist only here: a start succeeds at
 * once. It outlives the servers that are put before it, as a node outlives its managers.
 */
final class Brain implements Requests, Inbox, AutoCloseable {
  static final String NODE = "alpha";
  private final ExecutorService core =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "core"));
  private final Map<RequestId, CompletableFuture<Answered>> waiting = new ConcurrentHashMap<>();
  private final EventHistory history;
  private final Queue<HamEvent> inbox = new ArrayDeque<>();
  private final AtomicLong unnamed = new AtomicLong();
  private final AtomicLong pids = new AtomicLong(100_000);
  private final AtomicInteger watchers = new AtomicInteger();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile HamState state;
  private volatile PulseBell bell = (pid, channel) -> {};
  private volatile CompletableFuture<Void> released = CompletableFuture.completedFuture(null);
  private final AtomicInteger refusals = new AtomicInteger();
  private EntryId last = new EntryId(1, 1, 0);

  Brain() {
    this(EventHistory.DEFAULT_KEPT);
  }

  /**
   * @param kept happenings that its history holds
   */
  Brain(int kept) {
    this(NODE, kept);
  }

  Brain(String node, int kept) {
    state = HamState.empty(node, Limits.DEFAULT);
    history = new EventHistory(kept, null);
    post(new HamEvent.TookOver(node, "boot", ProcessHandle.current().pid(), 0, false));
  }

  void bell(PulseBell other) {
    bell = other;
  }

  /** Whoever is started next has that pid. */
  void nextPid(long pid) {
    pids.set(pid - 1);
  }

  /** Until it is completed, no answer goes out. */
  CompletableFuture<Void> hold() {
    released = new CompletableFuture<>();
    return released;
  }

  /** As a core whose log has no room for so many of them. */
  void refuseAcknowledgements(int count) {
    refusals.set(count);
  }

  boolean hasEnded() {
    return ended.get();
  }

  @Override
  public CompletableFuture<Answered> submit(
      RequestId id, Command command, Ack wanted, Duration timeout) {
    RequestId named = id.client() == 0 ? new RequestId(-7, unnamed.incrementAndGet(), 0) : id;
    boolean refused =
        command instanceof Command.AcknowledgePulses
            && refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    if (refused) {
      Rejection full = new Rejection(Rejection.Reason.UNAVAILABLE, "the log has no room");
      return CompletableFuture.completedFuture(new Answered(new Reply.No(full), Ack.LOCAL, true));
    }
    CompletableFuture<Answered> answer =
        waiting.computeIfAbsent(named, n -> new CompletableFuture<>());
    post(new HamEvent.Requested(named, command));
    return answer;
  }

  @Override
  public void post(HamEvent event) {
    core.execute(() -> take(event));
  }

  @Override
  public HamState state() {
    return state;
  }

  @Override
  public long durableIndex() {
    return state.last().index();
  }

  @Override
  public History history() {
    return new History() {
      @Override
      public Slice read(EffectId after, int most) {
        return history.read(after, most);
      }

      @Override
      public EffectId newest() {
        return history.newest();
      }

      @Override
      public AutoCloseable onNew(Runnable bell) {
        AutoCloseable end = history.onNew(bell);
        watchers.incrementAndGet();
        return () -> {
          watchers.decrementAndGet();
          end.close();
        };
      }
    };
  }

  /** How many listen for what happens. */
  int watchers() {
    return watchers.get();
  }

  @Override
  public void close() {
    core.shutdownNow();
  }

  private void take(HamEvent event) {
    inbox.add(event);
    while (!inbox.isEmpty()) {
      last = last.next();
      Moment now = new Moment(System.nanoTime(), System.currentTimeMillis() * 1_000_000);
      Step step = HamMachine.apply(state, new Entry(last, now, inbox.remove()));
      state = step.state();
      step.effects().forEach(this::perform);
    }
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Prepare p -> inbox.add(new HamEvent.Prepared(p.id(), newProcess(), ""));
      case Effect.Go g -> inbox.add(new HamEvent.Started(g.id(), g.gate(), ""));
      case Effect.Signal s -> inbox.add(new HamEvent.Done(s.id()));
      case Effect.Announce a -> history.add(a.happening());
      case Effect.Answer a -> answer(a.id(), a.reply());
      case Effect.PulsesWaiting p -> bell.waiting(p.pid(), p.channel());
      case Effect.EndNode e -> ended.set(true);
      case Effect.AwaitPath a -> inbox.add(new HamEvent.Done(a.id()));
      default -> {} // Watches and beats: nobody dies here but by post.
    }
  }

  private void answer(RequestId id, Reply reply) {
    waiting.entrySet().stream()
        .filter(w -> w.getKey().client() == id.client())
        .filter(w -> w.getKey().sequence() == id.sequence())
        .findFirst()
        .ifPresent(
            w -> {
              waiting.remove(w.getKey());
              Answered answered = new Answered(reply, Ack.DURABLE, true);
              released.thenRun(() -> w.getValue().complete(answered));
            });
  }

  private ProcessId newProcess() {
    return new ProcessId(pids.incrementAndGet(), 1);
  }

  EffectId newest() {
    return history.newest();
  }

  /** Processes of this host as far as the API asks: this test's own, and one that is no program. */
  static ProcessControl processes() {
    return new ProcessControl() {
      @Override
      public ProcessId identify(long pid) {
        return ProcessHandle.of(pid)
            .map(found -> new ProcessId(pid, 1))
            .orElseThrow(
                () -> new Refused(Rejection.Reason.NO_SUCH_PROCESS, "there is no process " + pid));
      }

      @Override
      public void check(ProcessSpec spec) {
        checkProgram(spec.argv().getFirst());
      }

      @Override
      public void checkProgram(String path) {
        if (path.contains("missing")) {
          throw new Refused(Rejection.Reason.CANNOT_START, "there is no program " + path);
        }
      }

      @Override
      public void prepare(Effect.Prepare effect) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void go(Effect.Go effect) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void abandon(Effect.Abandon effect) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void watch(Effect.Watch effect) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void unwatch(Effect.Unwatch effect) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void end(Effect.End effect) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void quell(Effect.Quell effect) {
        throw new UnsupportedOperationException();
      }
    };
  }
}

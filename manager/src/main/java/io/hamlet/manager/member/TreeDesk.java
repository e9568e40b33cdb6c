package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterStep;
import io.hamlet.core.cluster.Maintenance;
import io.hamlet.core.model.Refused;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.model.RequestId;
import io.hamlet.core.recovery.Command;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.core.recovery.HamState;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.Ack;
import io.hamlet.manager.port.History;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.runtime.ClusterLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The desk of the tree {@code *}: a change is answered when it is committed and known here. One
 * whose fate is unknown is proposed again under its id, and done once. {@link #submit}: any thread.
 */
public final class TreeDesk implements Requests, ClusterLoop.Part, Ledger.Listener {
  private static final int MOST_WAITING = 10_000;

  private final Ledger ledger;
  private final Electorate electorate;
  private final Sender sender;
  private final Ticker ticker;
  private final long client;
  private final Runnable wake;
  private final AtomicLong sequence = new AtomicLong();
  private final Map<Object, Call> calls = new ConcurrentHashMap<>();

  private record Key(long client, long sequence) {}

  /** Of a request that the log does not name: its answer is that of the event. */
  private record Claim(Key key, ClusterEvent.OfChair event) {}

  /** One who waits. */
  private record Call(ClusterEvent event, CompletableFuture<Reply> reply, long until, Once sent) {}

  /**
   * @param electorate decides who votes
   * @param client drawn by this manager, for requests that come without an id; not 0
   * @param wake has {@link #due} called soon; any thread
   */
  public TreeDesk(
      Ledger ledger,
      Electorate electorate,
      Proposals proposals,
      Ticker ticker,
      long client,
      Runnable wake) {
    this.ledger = ledger;
    this.electorate = electorate;
    this.sender = new Sender(proposals);
    this.ticker = ticker;
    this.client = client;
    this.wake = wake;
    ledger.listen(this);
  }

  @Override
  public CompletableFuture<Answered> submit(
      RequestId id, Command command, Ack wanted, Duration timeout) {
    RequestId named = id.client() == 0 ? own() : id;
    CompletableFuture<Reply> reply =
        switch (command) {
          case Command.SetVoter c -> electorate.set(c.node(), c.votes(), timeout);
          case Command.Lead c -> lead(key(named), c, timeout);
          case Command.OfCluster c -> wish(named, c, timeout);
          default -> {
            ClusterEvent event = new ClusterEvent.Tree(new HamEvent.Requested(named, command));
            yield call(key(named), event, timeout);
          }
        };
    return reply.thenApply(r -> new Answered(r, Ack.MAJORITY, true));
  }

  /** Each turn of a program counts once, so that its log needs no name of the request. */
  private CompletableFuture<Reply> lead(Key key, Command.Lead c, Duration timeout) {
    ClusterEvent.OfChair event =
        c.turn() == 0
            ? new ClusterEvent.Vacated(c.name(), c.holder())
            : new ClusterEvent.Claimed(c.name(), c.holder(), c.turn(), c.span().toNanos(), c.who());
    return call(new Claim(key, event), event, timeout);
  }

  private CompletableFuture<Reply> wish(RequestId id, Command.OfCluster c, Duration timeout) {
    try {
      return call(key(id), new ClusterEvent.Wished(id, event(c)), timeout);
    } catch (Refused refused) {
      return CompletableFuture.completedFuture(new Reply.No(refused.rejection()));
    }
  }

  private ClusterEvent.Wish event(Command.OfCluster wish) {
    return switch (wish) {
      case Command.Forget w -> new ClusterEvent.Forgotten(w.node());
      case Command.Move w -> new ClusterEvent.Moved(w.entity(), w.node());
      case Command.Standby w -> new ClusterEvent.Standby(w.node(), w.on());
      case Command.Drain w -> new ClusterEvent.Drained(w.node());
      case Command.Maintain w -> {
        long until =
            w.span().isZero() ? Long.MAX_VALUE : ledger.now().bootNanos() + w.span().toNanos();
        Maintenance.Key key = Maintenance.Key.parse(w.scope(), w.owner());
        yield new ClusterEvent.MaintenanceSet(new Maintenance(key, w.reason(), until));
      }
      case Command.EndMaintenance w ->
          new ClusterEvent.MaintenanceCleared(Maintenance.Key.parse(w.scope(), w.owner()));
      case Command.ConfirmFenced w -> new ClusterEvent.Vouched(w.node());
      case Command.SetVoter w -> throw new IllegalStateException("the electorate's");
      case Command.Lead w -> throw new IllegalStateException("an event of its own");
    };
  }

  @Override
  public HamState state() {
    return ledger.state().tree();
  }

  @Override
  public long durableIndex() {
    return ledger.state().tree().last().index();
  }

  @Override
  public History history() {
    return ledger.history();
  }

  @Override
  public void applied(long after, ClusterEntry entry, ClusterStep step) {
    switch (entry.event()) {
      case ClusterEvent.Founded founded -> wake.run();
      case ClusterEvent.OfChair claim -> answerAll(claim, step.reply());
      case ClusterEvent.Wished wished -> answer(key(wished.id()), step.reply());
      case ClusterEvent.Tree(HamEvent.Requested r) when step.reply() instanceof Reply.No ->
          answer(key(r.id()), step.reply());
      default -> {}
    }
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Answer a) {
        answer(key(a.id()), a.reply());
      }
    }
  }

  @Override
  public void turned() {
    wake.run();
  }

  @Override
  public long due(long now) {
    boolean founded = !ledger.state().id().isEmpty();
    long next = Long.MAX_VALUE;
    for (Map.Entry<Object, Call> each : calls.entrySet()) {
      Call call = each.getValue();
      if (now >= call.until()) {
        answer(each.getKey(), founded ? unknown() : unfounded());
        continue;
      }
      // What comes before the founding is refused by the log, and its caller can wait.
      long again = founded ? call.sent().propose(sender, call.event(), now, wake) : Long.MAX_VALUE;
      next = Math.min(next, Math.min(again, call.until()));
    }
    return next;
  }

  private CompletableFuture<Reply> call(Object key, ClusterEvent event, Duration timeout) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    if (calls.size() >= MOST_WAITING) {
      reply.complete(unavailable(MOST_WAITING + " requests wait already; ask again"));
      return reply;
    }
    long until = ticker.now().bootNanos() + timeout.toNanos();
    Call before = calls.put(key, new Call(event, reply, until, new Once()));
    if (before != null) {
      before.reply().complete(unavailable("the same came again, and that call gets the answer"));
    }
    wake.run();
    return reply;
  }

  private void answerAll(ClusterEvent.OfChair event, Reply reply) {
    for (Object key : calls.keySet()) {
      if (key instanceof Claim claim && claim.event().equals(event)) {
        answer(key, reply);
      }
    }
  }

  private void answer(Object key, Reply reply) {
    Call call = calls.remove(key);
    if (call != null) {
      call.reply().complete(reply);
    }
  }

  private RequestId own() {
    long next = sequence.incrementAndGet();
    // Far more than can be in work at a time.
    return new RequestId(client, next, Math.max(0, next - 2_000));
  }

  private static Key key(RequestId id) {
    return new Key(id.client(), id.sequence());
  }

  private static Reply unknown() {
    return unavailable(
        "no majority of the voters has answered in time, and the change may still come; ask again,"
            + " 'ham status' says who is there");
  }

  private static Reply unfounded() {
    return unavailable(
        "the cluster is not founded yet, as far as this node knows; ask again, 'ham status' says"
            + " whom it waits for");
  }

  private static Reply unavailable(String message) {
    return new Reply.No(new Rejection(Rejection.Reason.UNAVAILABLE, message));
  }
}

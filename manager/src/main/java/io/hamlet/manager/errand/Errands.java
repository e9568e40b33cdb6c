package io.hamlet.manager.errand;

import io.hamlet.core.model.Errand;
import io.hamlet.core.model.ErrandId;
import io.hamlet.core.model.ProcessId;
import io.hamlet.core.model.Refused;
import io.hamlet.core.recovery.Effect;
import io.hamlet.core.recovery.HamEvent;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.RemoteProcesses;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.wire.ErrandMessage;
import io.hamlet.manager.wire.WireException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The errands of one manager, those it asks for and those it is asked for. An errand is sent from
 * the thread of its tree and received on a thread of the bus, because a pulse from node to node has
 * no time for more. Thread-safe; of a loop it is a direct part, of subject ERRAND.
 */
public final class Errands implements ClusterLoop.Part, RemoteProcesses {
  private static final Logger LOG = LoggerFactory.getLogger(Errands.class);

  /** The cluster tree asks by this name, whoever leads. */
  private static final String CLUSTER = "*";

  /** So many wait for the core at most; who is not heard asks again. */
  private static final int MOST_WAITING = 20_000;

  private static final int MOST_QUESTIONS = 1_000;

  /** How soon the cluster thread must look again when something was asked. */
  private static final long SOON = 200_000_000L;

  private final Own own;
  private final ClusterBus bus;
  private final Ticker ticker;
  private final Runnable bell;
  private final FarClocks clocks = new FarClocks();
  private final Questions questions;
  private final Reach reach;
  private final Map<ErrandId, Asked> open = new ConcurrentHashMap<>();
  private final Map<ErrandId, Asker> askers = new ConcurrentHashMap<>();
  private final Map<String, Member> greeted = new ConcurrentHashMap<>();
  private final Queue<Asker> pids = new ConcurrentLinkedQueue<>();
  private volatile long wakes = Long.MAX_VALUE;

  /**
   * This manager.
   *
   * @param boot of its tree's processes, whose clock is told to others
   * @param inbox of its own tree, which does what it is asked for
   * @param identify the process of a pid; throws Refused; may block shortly
   */
  public record Own(String node, String boot, Inbox inbox, LongFunction<ProcessId> identify) {}

  /** Who asked last: for an errand its attempt, for a process the question and the pid. */
  private record Asker(Member member, long number, long pid) {}

  /**
   * @param bell has {@link #due} called soon
   */
  public Errands(Own own, ClusterBus bus, Ticker ticker, Runnable bell) {
    this.own = own;
    this.bus = bus;
    this.ticker = ticker;
    this.bell = bell;
    this.questions = new Questions(ticker.now().bootNanos());
    this.reach = new Reach(bus, ticker.now().bootNanos());
  }

  /** For the node's own tree. */
  public Courier ofNode() {
    return courier(own.node(), own.inbox(), () -> true);
  }

  /**
   * For the cluster tree.
   *
   * @param leads whether this node does. One that does not asks nobody: its successor asks under
   *     the same id, and who was asked long ago may have forgotten that it did it. Any thread.
   */
  public Courier ofCluster(Inbox answers, BooleanSupplier leads) {
    return courier(CLUSTER, answers, leads);
  }

  private Courier courier(String tree, Inbox answers, BooleanSupplier asks) {
    return new Courier() {
      @Override
      public void ask(Effect.Ask effect) {
        Errands.this.ask(new Asked(new ErrandId(tree, effect.id()), effect, answers, asks));
      }

      @Override
      public void report(Effect.Report effect) {
        Errands.this.report(effect.id(), effect.fate());
      }
    };
  }

  @Override
  public ProcessId identify(String node, long pid) {
    return questions.ask(node, pid, body -> say(bus.ham(node), body));
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    ErrandMessage m;
    try {
      m = ErrandMessage.decode(message);
    } catch (WireException e) {
      LOG.warn("a message of {} is passed over: {}", from.node(), e.getMessage());
      return;
    }
    clocks.heard(from.node(), m.boot(), m.clock(), ticker.now().bootNanos());
    switch (m.body()) {
      case ErrandMessage.Body.Ask a -> asked(from, a);
      case ErrandMessage.Body.Report r -> reported(from, m.boot(), r);
      case ErrandMessage.Body.Greeting g -> {
        if (g.asking()) {
          say(from, new ErrandMessage.Body.Greeting(false));
        }
      }
      case ErrandMessage.Body.Identify q -> {
        if (pids.size() < MOST_QUESTIONS) {
          pids.add(new Asker(from, q.question(), q.pid()));
          bell.run();
        }
      }
      case ErrandMessage.Body.Identified i -> questions.answered(from.node(), i);
      case ErrandMessage.Body.Unidentified i -> questions.answered(from.node(), i);
    }
  }

  /** Who is new is told our clock and asked for its own; who took over is asked at once. */
  @Override
  public void viewChanged(List<Member> members) {
    reach.seen(members);
    greeted.values().removeIf(member -> !members.contains(member));
    for (Member member : members) {
      if (member.role() == Member.Role.HAM
          && !member.node().equals(own.node())
          && !member.equals(greeted.put(member.node(), member))) {
        say(member, new ErrandMessage.Body.Greeting(true));
      }
    }
    long now = ticker.now().bootNanos();
    for (Asked errand : open.values()) {
      if (errand.isFor(bus.ham(errand.node()))) {
        send(errand, now);
      }
    }
  }

  @Override
  public long due(long now) {
    // Whoever asks from here on rings, or is seen below.
    wakes = Long.MAX_VALUE;
    for (Asker q = pids.poll(); q != null; q = pids.poll()) {
      say(present(q.member()), identified(q));
    }
    long next = Long.MAX_VALUE;
    for (Asked errand : open.values()) {
      if (errand.isOver(now)) {
        open.remove(errand.id, errand);
        continue;
      }
      if (errand.again() <= now) {
        send(errand, now);
      }
      next = Math.min(next, errand.again());
    }
    wakes = next;
    return next;
  }

  private void ask(Asked errand) {
    long now = ticker.now().bootNanos();
    open.put(errand.id, errand);
    send(errand, now);
    if (wakes > now + SOON) {
      bell.run();
    }
  }

  private void send(Asked errand, long now) {
    Member to = bus.ham(errand.node());
    if (errand.isOver(now)) {
      open.remove(errand.id, errand);
    } else if (!errand.mayAsk()) {
      // It stays: its attempts never tell an earlier time than those before.
      errand.later(now);
    } else if (!errand.mayHaveBeenAsked() && reach.lacks(errand.node(), now)) {
      if (open.remove(errand.id, errand)) {
        errand.failed("node '" + errand.node() + "' is not reachable");
      }
    } else if (to == null || !say(to, errand.next(to, clocks.of(errand.node(), now), now))) {
      errand.later(now);
    }
  }

  private void reported(Member from, String boot, ErrandMessage.Body.Report r) {
    Asked errand = open.get(r.id());
    if (errand == null || !errand.node().equals(from.node())) {
      return;
    }
    long now = ticker.now().bootNanos();
    switch (r.fate()) {
      case Errand.Fate.Done d -> {
        if (open.remove(r.id(), errand)) {
          errand.done();
        }
      }
      case Errand.Fate.Failed f -> {
        if (open.remove(r.id(), errand)) {
          errand.failed(f);
        }
      }
      // The answer to a later attempt is on its way, and it may be done by that.
      case Errand.Fate.Refused refused when !errand.isLast(r.attempt()) -> {}
      case Errand.Fate.Refused refused -> {
        if (open.remove(r.id(), errand)) {
          errand.failed(refused.why());
        }
      }
      case Errand.Fate.Expired e when !errand.isLast(r.attempt()) -> {}
      case Errand.Fate.Expired e when errand.isTooLate(boot, now) -> {
        if (open.remove(r.id(), errand)) {
          errand.failed("expired: node '" + from.node() + "' was reached too late");
        }
      }
      case Errand.Fate.Expired e when errand.effect.isForAnother(boot) -> {
        if (open.remove(r.id(), errand)) {
          errand.failed(Errand.beganAnew(from.node()));
        }
      }
      // Its clock is known better now.
      case Errand.Fate.Expired e -> send(errand, now);
    }
  }

  private void asked(Member from, ErrandMessage.Body.Ask a) {
    if (!a.id().tree().equals(from.node()) && !a.id().tree().equals(CLUSTER)) {
      LOG.warn("{} asks in the name of {}; it is passed over", from.node(), a.id().tree());
      return;
    }
    if (!a.boot().equals(own.boot())) {
      say(from, new ErrandMessage.Body.Report(a.id(), new Errand.Fate.Expired(), a.attempt()));
      return;
    }
    if (askers.size() >= MOST_WAITING) {
      return;
    }
    if (askers.put(a.id(), new Asker(from, a.attempt(), 0)) == null) {
      own.inbox().post(new HamEvent.Asked(a.id(), a.errand(), a.born(), a.expiry()));
    }
  }

  private void report(ErrandId id, Errand.Fate fate) {
    Asker asker = askers.remove(id);
    if (asker != null) {
      // Another manager of that node may act by now; it asks again if this is lost.
      say(present(asker.member()), new ErrandMessage.Body.Report(id, fate, (int) asker.number()));
    }
  }

  private ErrandMessage.Body identified(Asker q) {
    try {
      return new ErrandMessage.Body.Identified(q.number(), own.identify().apply(q.pid()));
    } catch (Refused e) {
      return new ErrandMessage.Body.Unidentified(q.number(), e.rejection());
    }
  }

  /** The same process as it shows itself now, or null. */
  private Member present(Member then) {
    for (Member member : bus.view()) {
      if (member.pid() == then.pid() && member.node().equals(then.node())) {
        return member;
      }
    }
    return null;
  }

  private boolean say(Member to, ErrandMessage.Body body) {
    if (to == null) {
      return false;
    }
    long now = ticker.now().bootNanos();
    return bus.send(to, Subject.ERRAND, new ErrandMessage(now, own.boot(), body).encode());
  }
}

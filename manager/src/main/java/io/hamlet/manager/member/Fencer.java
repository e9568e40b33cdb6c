package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.FenceRule;
import io.hamlet.core.cluster.Hold;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Tenure;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.lease.FenceWait;
import io.hamlet.core.lease.Forgotten;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.core.model.Proof;
import io.hamlet.manager.port.Assents;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Hearing;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.wire.FenceCodec;
import io.hamlet.manager.wire.FenceCodec.Talk;
import io.hamlet.manager.wire.WireException;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what a lost node was granted. Each voter stops to acknowledge whom the cluster has
 * fenced, and says for how long it has not. The leader has lost nodes fenced, asks, and when a
 * majority has been silent to them for long enough has it committed that they run nothing any more.
 * Subject FENCE.
 *
 * <p>A new leader asks anew: what it is told has grown older meanwhile, so nothing is lost.
 */
public final class Fencer implements ClusterLoop.Part {
  private static final Logger LOG = LoggerFactory.getLogger(Fencer.class);

  /** After so long a voter that has not answered is asked again. */
  private static final long AGAIN = 50_000_000L;

  private final Self self;
  private final Ledger ledger;
  private final Sender sender;
  private final Senses senses;
  private final Ticker ticker;
  private final Runnable wake;
  private final TreeMap<String, Long> fenced = new TreeMap<>();
  private Forgotten forgotten = Forgotten.NOBODY;
  private final TreeMap<String, Wait> waits = new TreeMap<>();
  private final TreeMap<String, Once> fences = new TreeMap<>();
  private long round;

  /**
   * This node.
   *
   * @param times of its lease, taken for those of whoever told none
   */
  public record Self(String node, LeaseTimes times) {}

  /** What a voter knows of others, and how it talks to them. */
  public record Senses(Hearing hearing, Assents assents, ClusterBus bus) {}

  /** One fenced start of a node whose lease is waited out. */
  private static final class Wait {
    final long incarnation;
    final long round;
    final Once end = new Once();
    FenceWait wait;
    long asked = Long.MIN_VALUE;

    Wait(long incarnation, long round, FenceWait wait) {
      this.incarnation = incarnation;
      this.round = round;
      this.wait = wait;
    }
  }

  /**
   * @param wake has {@link #due} called soon; any thread
   */
  public Fencer(
      Self self, Ledger ledger, Proposals proposals, Senses senses, Ticker ticker, Runnable wake) {
    this.self = self;
    this.ledger = ledger;
    this.sender = new Sender(proposals);
    this.senses = senses;
    this.ticker = ticker;
    this.wake = wake;
    ledger.listen(Ledger.Listener.waking(wake));
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    Talk talk;
    try {
      talk = FenceCodec.decode(message);
    } catch (WireException e) {
      LOG.warn("a message of {} is passed over: {}", from.node(), e.getMessage());
      return;
    }
    if (talk.last() == null) {
      Assents.Last last = senses.assents().last(talk.node(), talk.incarnation());
      if (last != null) {
        say(from, new Talk(talk.node(), talk.incarnation(), talk.round(), last));
      }
      return;
    }
    Wait wait = waits.get(talk.node());
    if (wait != null && wait.round == talk.round()) {
      count(wait, from.node(), talk.last());
    }
  }

  @Override
  public long due(long now) {
    ClusterState state = ledger.state();
    obey(state);
    if (!ledger.lead().reigns(state)) {
      waits.clear();
      fences.clear();
      return Long.MAX_VALUE;
    }
    long next = Long.MAX_VALUE;
    for (Node node : state.nodes().values()) {
      next = Math.min(next, Math.min(fence(state, node, now), await(state, node, now)));
    }
    waits.keySet().retainAll(state.nodes().keySet());
    return next;
  }

  /** As a voter: the fence is in the ledger, so nothing is acknowledged any more. */
  private void obey(ClusterState state) {
    for (Node node : state.nodes().values()) {
      if (node.fencedUpTo() > fenced.getOrDefault(node.name(), 0L)) {
        fenced.put(node.name(), node.fencedUpTo());
        senses.assents().fence(node.name(), node.fencedUpTo());
      }
    }
    fenced.keySet().retainAll(state.nodes().keySet());
    // The fences of those are not in the ledger any more.
    boolean same =
        state.forgotten() == forgotten.upTo() && state.nodes().keySet().equals(forgotten.members());
    if (!same && state.forgotten() > 0) {
      forgotten = new Forgotten(state.nodes().keySet(), state.forgotten());
      senses.assents().forget(forgotten);
    }
  }

  /** In maintenance nothing is to be relocated, so its right is left to a node that may be back. */
  private long fence(ClusterState state, Node node, long now) {
    boolean wanted =
        node.standing() == Node.Standing.LOST
            && !node.isFenced()
            && state.heldBy(node.name(), node.incarnation()).stream()
                .anyMatch(t -> byLease(t) && state.maintenanceOf(t) == null);
    if (!wanted) {
      fences.remove(node.name());
      return Long.MAX_VALUE;
    }
    ClusterEvent fence = new ClusterEvent.Fenced(node.name(), node.incarnation());
    return fences.computeIfAbsent(node.name(), n -> new Once()).propose(sender, fence, now, wake);
  }

  private long await(ClusterState state, Node node, long now) {
    long incarnation = node.fencedUpTo();
    if (state.fencing() == FenceRule.REQUIRED
        || state.heldBy(node.name(), incarnation).stream().noneMatch(Fencer::byLease)) {
      waits.remove(node.name());
      return Long.MAX_VALUE;
    }
    Wait wait = waits.get(node.name());
    if (wait == null || wait.incarnation != incarnation) {
      wait = begin(state, node, incarnation);
    }
    ask(node.name(), wait, now);
    if (now < wait.wait.end()) {
      boolean open = wait.wait.over().size() < Math.max(1, wait.wait.set().voters().size());
      return Math.min(wait.wait.end(), open ? wait.asked + AGAIN : Long.MAX_VALUE);
    }
    ClusterEvent ended =
        new ClusterEvent.Ended(
            node.name(), incarnation, Proof.LEASE, false, suspects(state, senses.hearing()));
    return wait.end.propose(sender, ended, now, wake);
  }

  /** Counted with the set that this voter has; before it has applied the fence with none. */
  private Wait begin(ClusterState state, Node node, long incarnation) {
    Assents.Last own = senses.assents().last(node.name(), incarnation);
    Terms terms = Terms.UNTOLD;
    for (Tenure tenure : state.heldBy(node.name(), incarnation)) {
      if (byLease(tenure)) {
        terms = terms.atLeast(node.termsUnder(tenure.hold().incarnation()));
      }
    }
    LeaseTimes times = self.times().told(terms.lease());
    FenceWait wait = FenceWait.begin(times, terms.grace(), own == null ? VoterSet.NONE : own.set());
    Wait begun = new Wait(incarnation, ++round, wait);
    waits.put(node.name(), begun);
    return begun;
  }

  private void ask(String node, Wait wait, long now) {
    if (now - wait.asked < AGAIN && wait.asked != Long.MIN_VALUE) {
      return;
    }
    wait.asked = now;
    Assents.Last own = senses.assents().last(node, wait.incarnation);
    if (own == null) {
      return;
    }
    if (!own.set().equals(wait.wait.set())) {
      wait.wait = FenceWait.begin(wait.wait.times(), wait.wait.graceNanos(), own.set());
    }
    count(wait, self.node(), own);
    for (String voter : own.set().voters()) {
      Member member = senses.bus().ham(voter);
      boolean open = !wait.wait.over().containsKey(voter);
      if (open && member != null && !voter.equals(self.node())) {
        say(member, new Talk(node, wait.incarnation, wait.round, null));
      }
    }
  }

  /** Its first word only: a later start of that node may be acknowledged meanwhile. */
  private void count(Wait wait, String voter, Assents.Last last) {
    boolean counts =
        last.set().index() == wait.wait.set().index() && !wait.wait.over().containsKey(voter);
    if (counts) {
      wait.wait = wait.wait.said(voter, last.ageNanos(), ticker.now().bootNanos());
      wake.run();
    }
  }

  /** Who is not heard, and had better get nothing just now. */
  static List<String> suspects(ClusterState state, Hearing hearing) {
    return state.nodes().keySet().stream().filter(hearing::suspects).toList();
  }

  /** The end of its node's lease is the end of it, unless it could not be stopped. */
  private static boolean byLease(Tenure tenure) {
    return !tenure.policy().keeps() && !(tenure.hold() instanceof Hold.Stuck);
  }

  private void say(Member to, Talk talk) {
    senses.bus().send(to, Subject.FENCE, FenceCodec.encode(talk));
  }
}

package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.model.Rejection;
import io.hamlet.core.recovery.Reply;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.wire.SeatCodec;
import io.hamlet.manager.wire.WireException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who votes, changed at run time, one voter at a time. The leader asks a node to take a seat, has
 * the consensus count it, and then writes into the state whom the consensus counts; that last step
 * every leader does, also for a change that another began. At the node it hands the question on.
 *
 * <p>A part of the cluster loop for {@code Subject.SEAT}; {@link #set} from any thread.
 */
public final class Electorate implements ClusterLoop.Part {
  private static final Logger LOG = LoggerFactory.getLogger(Electorate.class);
  private static final long AGAIN = Duration.ofMillis(500).toNanos();
  private static final int MOST_WAITING = 16;

  private final Supplier<Consensus> consensus;
  private final Ledger ledger;
  private final Sender sender;
  private final ClusterBus bus;
  private final Seat seat;
  private final Runnable wake;
  private final Once writing = new Once();
  private final ConcurrentLinkedQueue<Wish> wishes = new ConcurrentLinkedQueue<>();
  private final ArrayDeque<Wish> open = new ArrayDeque<>();

  /** This node's own. On the cluster thread. */
  public interface Seat {
    /** Takes one if it can; it is asked again until it is known as whom. */
    void invited();

    /** As whom this node votes, or is ready to; null: not at all. */
    Consensus.Voter taken();
  }

  /** One change that somebody waits for. */
  private static final class Wish {
    final String node;
    final boolean votes;
    final Duration timeout;
    final CompletableFuture<Reply> reply = new CompletableFuture<>();
    long until = Long.MIN_VALUE;
    long next = Long.MIN_VALUE;
    Consensus.Voter taken;
    CompletableFuture<Long> change;

    /** Why the last try was in vain; null: none was. */
    String failure;

    Wish(String node, boolean votes, Duration timeout) {
      this.node = node;
      this.votes = votes;
      this.timeout = timeout;
    }
  }

  /**
   * @param consensus of this node; gives null while it does not vote
   * @param wake has {@link #due} called soon; any thread
   */
  public Electorate(
      Supplier<Consensus> consensus,
      Ledger ledger,
      Proposals proposals,
      ClusterBus bus,
      Seat seat,
      Runnable wake) {
    this.consensus = consensus;
    this.ledger = ledger;
    this.sender = new Sender(proposals);
    this.bus = bus;
    this.seat = seat;
    this.wake = wake;
    ledger.listen(Ledger.Listener.waking(wake));
  }

  /** Has a node vote, or vote no more; answered at the leader, and only there. */
  public CompletableFuture<Reply> set(String node, boolean votes, Duration timeout) {
    Wish wish = new Wish(node, votes, timeout);
    wishes.add(wish);
    wake.run();
    return wish.reply;
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    Consensus.Voter taken;
    try {
      taken = SeatCodec.decode(message);
    } catch (WireException e) {
      LOG.warn("what {} says of seats is not understood: {}", from.node(), e.getMessage());
      return;
    }
    if (taken == null) {
      seat.invited();
      Consensus.Voter own = seat.taken();
      if (own != null) {
        bus.send(from, Subject.SEAT, SeatCodec.taken(own));
      }
    } else if (taken.node().equals(from.node())) {
      open.stream().limit(1).filter(w -> w.node.equals(from.node())).forEach(w -> w.taken = taken);
    }
  }

  @Override
  public long due(long now) {
    for (Wish wish = wishes.poll(); wish != null; wish = wishes.poll()) {
      if (open.size() < MOST_WAITING) {
        open.add(wish);
      } else {
        wish.reply.complete(unavailable(MOST_WAITING + " changes wait already; ask again"));
      }
    }
    Consensus here = consensus.get();
    ClusterState state = ledger.state();
    boolean leads = here != null && ledger.lead().reigns(state);
    long next = leads ? write(here, state, now) : Long.MAX_VALUE;
    for (Wish wish = open.peek(); wish != null; wish = open.peek()) {
      Reply reply = leads ? grant(wish, here, state, now) : deposed(wish);
      if (reply == null) {
        return Math.min(next, Math.min(wish.next, wish.until));
      }
      open.remove();
      wish.reply.complete(reply);
    }
    return next;
  }

  /** Into the state, what the consensus has decided. */
  private long write(Consensus here, ClusterState state, long now) {
    List<ClusterEvent.Voter> members =
        here.members().stream().map(v -> new ClusterEvent.Voter(v.node(), v.address())).toList();
    if (members.isEmpty() || ClusterEvent.byName(members).equals(state.voters())) {
      writing.settled();
      return Long.MAX_VALUE;
    }
    return writing.propose(sender, new ClusterEvent.VotersChanged(members), now, wake);
  }

  /** Null while it is under way. */
  private Reply grant(Wish wish, Consensus here, ClusterState state, long now) {
    List<Consensus.Voter> members = here.members();
    if (wish.until == Long.MIN_VALUE) {
      wish.until = now + wish.timeout.toNanos();
      Reply refusal = refusal(wish, members, state);
      if (refusal != null) {
        return refusal;
      }
    }
    if (wish.change == null) {
      begin(wish, here, members, now);
    }
    if (wish.change != null && wish.change.isCompletedExceptionally()) {
      tryAgainLater(wish, now);
    }
    boolean done = wish.change != null && wish.change.isDone();
    if (done && state.voters().containsKey(wish.node) == wish.votes) {
      return Reply.OK;
    }
    if (now < wish.until) {
      return null;
    }
    if (wish.failure != null) {
      return unavailable(
          "who votes was not changed, or it is not known yet: "
              + wish.failure
              + "; 'ham status' says who votes, ask again if need be");
    }
    return unavailable(
        wish.votes && wish.taken == null
            ? "'" + wish.node + "' has not begun to vote in time; 'ham status' there says why"
            : "the voters have not agreed in time; 'ham status' says who votes");
  }

  /**
   * A set of voters is the same however often it is asked for; a slow disk or start is no refusal.
   */
  private static void tryAgainLater(Wish wish, long now) {
    wish.failure = wish.change.exceptionNow().getMessage();
    wish.change = null;
    wish.next = now + AGAIN;
  }

  private void begin(Wish wish, Consensus here, List<Consensus.Voter> members, long now) {
    if (wish.failure != null && now < wish.next) {
      return;
    }
    if (wish.failure != null && votes(members, wish.node) == wish.votes) {
      // That it is written down has this looked at again.
      wish.next = Long.MAX_VALUE;
      wish.change = CompletableFuture.completedFuture(0L);
      return;
    }
    List<Consensus.Voter> wanted = new ArrayList<>(members);
    if (!wish.votes) {
      wanted.removeIf(v -> v.node().equals(wish.node));
    } else if (wish.taken != null) {
      wanted.add(wish.taken);
      wanted.sort(Comparator.comparing(Consensus.Voter::node));
    } else {
      invite(wish, now);
      return;
    }
    wish.next = Long.MAX_VALUE;
    wish.change = here.change(wanted, Duration.ofNanos(Math.max(1, wish.until - now)));
    wish.change.whenComplete((index, failure) -> wake.run());
  }

  private void invite(Wish wish, long now) {
    Member to = bus.ham(wish.node);
    if (to != null && now >= wish.next) {
      bus.send(to, Subject.SEAT, SeatCodec.invitation());
    }
    wish.next = now >= wish.next ? now + AGAIN : wish.next;
  }

  private static boolean votes(List<Consensus.Voter> members, String node) {
    return members.stream().anyMatch(v -> v.node().equals(node));
  }

  private static Reply refusal(Wish wish, List<Consensus.Voter> members, ClusterState state) {
    boolean votes = votes(members, wish.node);
    Node known = state.nodes().get(wish.node);
    if (votes && wish.votes) {
      return no(
          Rejection.Reason.EXISTS,
          "'%s' votes already; if it has lost its STATE, remove it first (ham voter remove %s)"
              .formatted(wish.node, wish.node));
    }
    if (!votes && !wish.votes) {
      return no(Rejection.Reason.NOT_FOUND, "'" + wish.node + "' does not vote");
    }
    if (!wish.votes && members.size() == 1) {
      return no(Rejection.Reason.INVALID, "'" + wish.node + "' is the only voter");
    }
    if (wish.votes && (known == null || known.standing() != Node.Standing.UP)) {
      return no(
          Rejection.Reason.NOT_FOUND, "no node '" + wish.node + "' is up; start it, then add it");
    }
    return null;
  }

  /** A leader that removed itself has done so. */
  private static Reply deposed(Wish wish) {
    boolean removed =
        !wish.votes && wish.change != null && wish.change.state() == Future.State.SUCCESS;
    return removed
        ? Reply.OK
        : unavailable("this node does not lead the voters now; ask again, 'ham status' says more");
  }

  private static Reply unavailable(String message) {
    return no(Rejection.Reason.UNAVAILABLE, message);
  }

  private static Reply no(Rejection.Reason reason, String message) {
    return new Reply.No(new Rejection(reason, message));
  }
}

package io.hamlet.manager.consensus;

import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Consensus.NotLeader;
import io.hamlet.manager.port.Consensus.Unknown;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.runtime.ClusterLoop;
import io.hamlet.manager.wire.ProposalCodec;
import io.hamlet.manager.wire.ProposalCodec.Word;
import io.hamlet.manager.wire.WireException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Any node's way to the leader: a command is proposed here, or goes over the bus to who leads. What
 * was certainly not taken is tried again until the caller's time is over; what may have been taken
 * is not. So a command is committed at most once by one call. A caller that repeats an unknown one
 * may have it twice: commands carry ids of their own, and the machine drops repeats.
 *
 * <p>A part of the cluster loop for {@code Subject.PROPOSAL}; {@link #propose} from any thread.
 */
public final class Proposer implements ClusterLoop.Part {
  /** Commands of this node that are under way; more are refused. */
  public static final int MOST_OPEN = 1_024;

  /** The bytes of all those together. */
  public static final long MOST_BYTES = 16L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Proposer.class);
  private static final long AGAIN_NANOS = Duration.ofMillis(25).toNanos();
  private static final long TOO_LATE_NANOS = Duration.ofMillis(50).toNanos();
  private static final long ASK_AGAIN_NANOS = Duration.ofMillis(500).toNanos();
  private static final long LONGEST_MILLIS = 600_000;

  private final String node;
  private final ClusterBus bus;
  private final Ticker ticker;
  private final Consumer<Runnable> post;
  private final Supplier<Consensus> own;
  private final Supplier<List<String>> voters;
  private final ProposalDesk desk;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong open = new AtomicLong();
  private final Map<Long, Errand> errands = new LinkedHashMap<>();
  private long lastId;
  private String hint;
  private int turn;
  private long wake = Long.MAX_VALUE;

  /** One command under way. */
  private static final class Errand {
    final byte[] command;
    final long deadline;
    final CompletableFuture<Long> future;

    /** Another for each try, so that nobody takes an old question for the new one. */
    long id;

    /** Who has it now; null: nobody. */
    Member at;

    boolean isHere;
    boolean isTriedBefore;
    long next;

    Errand(long id, byte[] command, long deadline, CompletableFuture<Long> future) {
      this.id = id;
      this.command = command;
      this.deadline = deadline;
      this.future = future;
    }
  }

  /**
   * @param post has work done on the cluster thread
   * @param own the consensus of this node, or null while it does not vote
   * @param voters whom to ask when nobody knows who leads
   */
  public Proposer(
      String node,
      ClusterBus bus,
      Ticker ticker,
      Consumer<Runnable> post,
      Supplier<Consensus> own,
      Supplier<List<String>> voters) {
    this.node = node;
    this.bus = bus;
    this.ticker = ticker;
    this.post = post;
    this.own = own;
    this.voters = voters;
    desk = new ProposalDesk(bus, post, own);
    // Numbers of an earlier run of this process id are not met again.
    lastId = ticker.now().wallNanos() >>> 10;
  }

  /**
   * Has a command committed, wherever the leader is.
   *
   * @return completes as {@link Consensus#propose} does, on the cluster thread
   * @throws IllegalArgumentException when it is too long
   */
  public CompletableFuture<Long> propose(byte[] command, Duration timeout) {
    if (command.length > Consensus.MOST_BYTES) {
      throw new IllegalArgumentException(
          "a command of " + command.length + " bytes; at most " + Consensus.MOST_BYTES);
    }
    CompletableFuture<Long> future = new CompletableFuture<>();
    boolean isRoom =
        open.incrementAndGet() <= MOST_OPEN & bytes.addAndGet(command.length) <= MOST_BYTES;
    future.whenComplete(
        (index, why) -> {
          open.decrementAndGet();
          bytes.addAndGet(-command.length);
        });
    if (!isRoom) {
      future.completeExceptionally(new NotLeader(null));
      return future;
    }
    byte[] kept = command.clone();
    long millis = Math.clamp(timeout.toMillis(), 1, LONGEST_MILLIS);
    long deadline = ticker.now().bootNanos() + millis * 1_000_000;
    post.accept(
        () -> {
          Errand errand = new Errand(++lastId, kept, deadline, future);
          errands.put(errand.id, errand);
          wake = 0;
          attempt(errand, ticker.now().bootNanos());
        });
    return future;
  }

  /**
   * Has a command committed if this node leads now. What a leader has found is no other's: who
   * leads later, or after a pause of this host, finds for itself. Any thread.
   *
   * @return completes as {@link Consensus#propose} does, on any thread
   */
  public CompletableFuture<Long> proposeAsLeader(byte[] command, Duration timeout) {
    Consensus here = own.get();
    return here == null
        ? CompletableFuture.failedFuture(new NotLeader(null))
        : here.propose(command, timeout);
  }

  private void attempt(Errand errand, long now) {
    if (errand.isTriedBefore && errand.deadline - now < TOO_LATE_NANOS) {
      // To know that it was not taken is worth more than a last try.
      errand.next = errand.deadline;
      return;
    }
    errand.isTriedBefore = true;
    Consensus here = own.get();
    String leader = here == null ? hint : here.leader();
    if (here != null && node.equals(leader)) {
      proposeHere(errand, here, now);
      return;
    }
    Member to = leader == null ? any() : bus.ham(leader);
    errand.next = now + AGAIN_NANOS;
    if (to != null && !to.node().equals(node) && send(errand, to, now)) {
      errand.at = to;
      errand.next = now + ASK_AGAIN_NANOS;
    } else {
      hint = null;
    }
  }

  private boolean send(Errand errand, Member to, long now) {
    int millis = (int) Math.max(1, (errand.deadline - now) / 1_000_000);
    byte[] message =
        ProposalCodec.encode(new Word.Ask(errand.id, millis, settledBelow(), errand.command));
    return bus.send(to, Subject.PROPOSAL, message);
  }

  /** They are in the order of their numbers. */
  private long settledBelow() {
    return errands.keySet().iterator().next();
  }

  private void proposeHere(Errand errand, Consensus here, long now) {
    errand.isHere = true;
    errand.next = errand.deadline;
    Duration left = Duration.ofNanos(Math.max(1_000_000, errand.deadline - now));
    here.propose(errand.command, left)
        .whenComplete(
            (index, error) ->
                post.accept(() -> answered(ProposalDesk.word(errand.id, index, error))));
  }

  /** One voter after the other, as long as nobody knows who leads. */
  private Member any() {
    List<String> names = voters.get().stream().filter(v -> !v.equals(node)).toList();
    for (int i = 0; i < names.size(); i++) {
      Member found = bus.ham(names.get(Math.floorMod(turn++, names.size())));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  @Override
  public void received(Member from, Subject subject, byte[] message) {
    Word word;
    try {
      word = ProposalCodec.decode(message);
    } catch (WireException e) {
      LOG.warn("A proposal from {} is not understood: {}", from.node(), e.getMessage());
      return;
    }
    if (word instanceof Word.Ask ask) {
      desk.asked(from, ask, ticker.now().bootNanos());
    } else {
      Errand errand = errands.get(word.id());
      if (errand != null && errand.at != null && from.isSameProcess(errand.at)) {
        answered(word);
      }
    }
  }

  private void answered(Word word) {
    Errand errand = errands.get(word.id());
    if (errand == null) {
      return;
    }
    switch (word) {
      case Word.Done done -> {
        errands.remove(errand.id);
        errand.future.complete(done.index());
      }
      case Word.Unknown unknown -> fail(errand, unknown.why());
      case Word.NotLeader not -> refused(errand, not.leader().isEmpty() ? null : not.leader());
      case Word.Ask ask -> throw new IllegalStateException("a question is no answer");
    }
  }

  /** Certainly not taken: at once to another leader, or again in a while. */
  private void refused(Errand errand, String leader) {
    long now = ticker.now().bootNanos();
    String asked = errand.isHere ? node : errand.at.node();
    errand.at = null;
    errand.isHere = false;
    errand.next = now + AGAIN_NANOS;
    wake = 0;
    errands.remove(errand.id);
    errand.id = ++lastId;
    errands.put(errand.id, errand);
    hint = asked.equals(leader) ? null : leader;
    if (now < errand.deadline && hint != null && own.get() == null) {
      attempt(errand, now);
    }
  }

  private void fail(Errand errand, String why) {
    errands.remove(errand.id);
    boolean isTaken = errand.isHere || errand.at != null;
    errand.future.completeExceptionally(isTaken ? new Unknown(why) : new NotLeader(hint));
  }

  /** Whoever has a command and is gone may have proposed it. */
  @Override
  public void viewChanged(List<Member> members) {
    for (Errand errand : List.copyOf(errands.values())) {
      if (errand.at != null && members.stream().noneMatch(m -> m.isSameProcess(errand.at))) {
        fail(errand, errand.at.node() + " left with it");
      }
    }
    desk.keep(m -> members.stream().anyMatch(other -> other.isSameProcess(m)));
  }

  /** Another leads, so who has the command may be frozen or cut off; or it took it before. */
  private boolean isDeposed(Member asked) {
    Consensus here = own.get();
    String leader = here == null ? null : here.leader();
    return leader != null && !leader.equals(asked.node());
  }

  @Override
  public long due(long now) {
    if (now >= wake) {
      wake = look(now);
    }
    return Math.min(wake, desk.due(now));
  }

  private long look(long now) {
    long next = Long.MAX_VALUE;
    for (Errand errand : List.copyOf(errands.values())) {
      if (now >= errand.deadline && !errand.isHere) {
        fail(errand, "no answer in time");
      } else if (errand.at != null && isDeposed(errand.at)) {
        fail(errand, errand.at.node() + " leads no more");
      } else if (now >= errand.next && errand.at == null && !errand.isHere) {
        attempt(errand, now);
      } else if (now >= errand.next && errand.at != null) {
        // The question may be lost; who has it already knows its number.
        send(errand, errand.at, now);
        errand.next = now + ASK_AGAIN_NANOS;
      }
      if (errands.containsKey(errand.id) && !errand.isHere) {
        next = Math.min(next, Math.min(errand.next, errand.deadline));
      }
    }
    return next;
  }
}

package io.hamlet.manager.member;

import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.manager.port.Proposals;
import io.hamlet.manager.runtime.ClusterLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * This node's own membership: it joins when it can, is told when its name has gone to another, and
 * says goodbye. It joins anew when it applies with another start, as one that was fenced and lives;
 * but whose name has gone to somebody else stays out.
 */
public final class Admission implements ClusterLoop.Part {
  private static final int GOODBYES = 20;
  private static final long GOODBYE_PAUSE_MILLIS = 20;

  private final Supplier<Applicant> application;
  private final Ledger ledger;
  private final Sender sender;
  private final Runnable wake;
  private final Once joining = new Once();
  private final Once returning = new Once();
  private final CompletableFuture<Long> joined = new CompletableFuture<>();
  private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
  private volatile Place place;
  private volatile String notice = "";
  private volatile boolean leaving;

  /**
   * Who asks.
   *
   * @param start drawn at each start of the node, the same for both managers of the pair
   * @param expected the last incarnation it knows of itself, from its STATE; 0: none
   * @param capacity so many entities of the cluster it takes; 0: it is a witness
   * @param terms on which it holds what it runs for the cluster
   */
  public record Applicant(
      String node,
      String boot,
      String stateId,
      long start,
      String address,
      long expected,
      int capacity,
      Terms terms) {
    /** One that takes any number, with the usual lease. */
    public Applicant(
        String node, String boot, String stateId, long start, String address, long expected) {
      this(
          node,
          boot,
          stateId,
          start,
          address,
          expected,
          Node.Duty.NO_LIMIT,
          Terms.ofLease(LeaseTimes.DEFAULT.leaseNanos()));
    }
  }

  /** What this node has in the cluster. */
  private record Place(long start, long incarnation) {}

  /**
   * @param application null: it is not known yet who asks; then {@code wake} is called later
   * @param wake has {@link #due} called soon; any thread
   */
  public Admission(
      Supplier<Applicant> application, Ledger ledger, Proposals proposals, Runnable wake) {
    this.application = application;
    this.ledger = ledger;
    this.sender = new Sender(proposals);
    this.wake = wake;
    ledger.listen(Ledger.Listener.waking(wake));
  }

  /** Who is told each incarnation that this node gets; on the cluster thread. Before the first. */
  public void onJoined(LongConsumer listener) {
    listeners.add(listener);
  }

  /** Completes with this node's first incarnation when it belongs to the cluster. Any thread. */
  public CompletableFuture<Long> joined() {
    return joined;
  }

  /** What an operator must know of this node's membership; empty: nothing. Any thread. */
  public String notice() {
    return notice;
  }

  /**
   * Says goodbye: its silence is no loss. Completes when that is committed, or with a failure after
   * some tries. Any thread.
   *
   * @param timeout of one try; the node goes anyway after that time
   */
  public CompletableFuture<Long> leave(Duration timeout) {
    leaving = true;
    Place mine = place;
    if (mine == null) {
      return CompletableFuture.completedFuture(0L);
    }
    ClusterEvent.Left goodbye = new ClusterEvent.Left(application.get().node(), mine.incarnation());
    return say(goodbye, timeout, GOODBYES);
  }

  /** Whoever had it may lead no more; and it names its incarnation, so it may be heard twice. */
  private CompletableFuture<Long> say(ClusterEvent.Left goodbye, Duration timeout, int tries) {
    CompletableFuture<Long> said = sender.send(goodbye, timeout);
    return tries == 1
        ? said
        : said.exceptionallyComposeAsync(
            e -> say(goodbye, timeout, tries - 1),
            CompletableFuture.delayedExecutor(GOODBYE_PAUSE_MILLIS, TimeUnit.MILLISECONDS));
  }

  @Override
  public long due(long now) {
    ClusterState state = ledger.state();
    Applicant applicant = application.get();
    if (state.id().isEmpty() || leaving || applicant == null) {
      return Long.MAX_VALUE;
    }
    Node known = state.nodes().get(applicant.node());
    if (known != null && known.start() == applicant.start()) {
      joining.settled();
      settle(new Place(known.start(), known.incarnation()));
      return known.standing() == Node.Standing.LOST ? back(known, now) : Long.MAX_VALUE;
    }
    boolean another = place != null && (known == null || known.start() != place.start());
    if (another) {
      notice =
          known == null
              ? "'" + applicant.node() + "' was forgotten by the cluster; start the node anew"
              : "CLONED: a newer start goes by the name '"
                  + applicant.node()
                  + "' (incarnation "
                  + known.incarnation()
                  + "), and this one is refused; stop one of them";
      return Long.MAX_VALUE;
    }
    long expected = Math.max(applicant.expected(), state.incarnation(applicant.node()));
    ClusterEvent join =
        new ClusterEvent.Joined(
            applicant.node(),
            applicant.boot(),
            applicant.stateId(),
            applicant.start(),
            applicant.address(),
            expected,
            applicant.capacity(),
            applicant.terms());
    return joining.propose(sender, join, now, wake);
  }

  private void settle(Place now) {
    if (!now.equals(place)) {
      place = now;
      joined.complete(now.incarnation());
      listeners.forEach(listener -> listener.accept(now.incarnation()));
    }
  }

  /** The leader says of lost ones that they are heard, but nobody hears himself. */
  private long back(Node known, long now) {
    if (!ledger.lead().own()) {
      return Long.MAX_VALUE;
    }
    ClusterEvent heard =
        new ClusterEvent.Heard(known.name(), known.incarnation(), known.loss().number());
    return returning.propose(sender, heard, now, wake);
  }
}

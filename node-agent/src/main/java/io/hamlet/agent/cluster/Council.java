package io.hamlet.agent.cluster;

import io.hamlet.agent.config.NodeConfig;
import io.hamlet.core.cluster.ClusterEntry;
import io.hamlet.core.cluster.ClusterEvent;
import io.hamlet.core.cluster.ClusterState;
import io.hamlet.core.cluster.ClusterStep;
import io.hamlet.core.cluster.Node;
import io.hamlet.core.cluster.Terms;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.manager.api.Cluster;
import io.hamlet.manager.consensus.Proposer;
import io.hamlet.manager.member.Admission;
import io.hamlet.manager.member.Bailiff;
import io.hamlet.manager.member.ChairWarden;
import io.hamlet.manager.member.Electorate;
import io.hamlet.manager.member.Fencer;
import io.hamlet.manager.member.Footing;
import io.hamlet.manager.member.Founding;
import io.hamlet.manager.member.GroupWarden;
import io.hamlet.manager.member.Leading;
import io.hamlet.manager.member.Ledger;
import io.hamlet.manager.member.LossJudge;
import io.hamlet.manager.member.Mourner;
import io.hamlet.manager.member.Roll;
import io.hamlet.manager.member.Tenancy;
import io.hamlet.manager.member.TreeDesk;
import io.hamlet.manager.member.TreeFeed;
import io.hamlet.manager.member.TreeFollower;
import io.hamlet.manager.member.TreeSide;
import io.hamlet.manager.port.ClusterBus;
import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.port.Fencing;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.RemoteProcesses;
import io.hamlet.manager.port.Replicas;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.runtime.ClusterLoop;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's part in the tree that all nodes share: it knows that tree and has it changed, votes
 * if it is a voter, and leads when that falls to it. Made before the reign. Thread-safe.
 */
final class Council implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Council.class);

  /** For the goodbye; who has no majority goes without. */
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  private final String node;
  private final Terms terms;
  private final Ticker ticker;
  private final List<String> first;
  private final ClusterBus bus;
  private final ClusterLoop loop;
  private final Ledger ledger;
  private final Proposer proposer;
  private final Candidacy candidacy;
  private final Founding founding;
  private final Electorate electorate;
  private final Seat seat;
  private final Admission admission;
  private final TreeDesk desk;
  private final Roll roll;
  private final SecureRandom random = new SecureRandom();
  private volatile Tenancy tenancy;
  private volatile GroupWarden groups;
  private final Fencing fencing;
  private volatile Bailiff bailiff;
  private volatile LossJudge judge;
  private volatile Belonging belonging;
  private volatile Runnable hung = () -> {};

  /**
   * @param terms of this node
   * @param first the voters as this node was told
   * @param candidacy with whom it votes
   * @param founding null: this node is no founder
   * @param ready it may take a seat when it is asked; cluster thread
   * @param fencing how nodes are turned off
   * @param application who asks to be let in; null: it is not known yet
   */
  Council(
      NodeConfig config,
      Terms terms,
      List<String> first,
      Candidacy candidacy,
      Founding founding,
      BooleanSupplier ready,
      Fencing fencing,
      Supplier<Admission.Applicant> application,
      ClusterBus bus,
      ClusterLoop loop,
      Ticker ticker) {
    this.node = config.node();
    this.terms = terms;
    this.ticker = ticker;
    this.first = first;
    this.bus = bus;
    this.loop = loop;
    this.candidacy = candidacy;
    this.founding = founding;
    this.fencing = fencing;
    ledger = new Ledger(ticker);
    seat = new Seat(candidacy, ledger, this::wake, () -> hung.run());
    proposer = new Proposer(node, bus, ticker, loop::post, seat::consensus, this::voters);
    electorate =
        new Electorate(seat::consensus, ledger, proposer::propose, bus, seating(ready), this::wake);
    admission = new Admission(application, ledger, proposer::propose, this::wake);
    long client = random.nextLong(1, Long.MAX_VALUE);
    desk = new TreeDesk(ledger, electorate, proposer::propose, ticker, client, this::wake);
    roll = new Roll(config.cluster().orElseThrow().name(), ledger, bus);
  }

  private Electorate.Seat seating(BooleanSupplier ready) {
    return new Electorate.Seat() {
      @Override
      public void invited() {
        if (ready.getAsBoolean()) {
          candidacy.invite();
          seat.look();
        }
      }

      @Override
      public Consensus.Voter taken() {
        return seat.voter();
      }
    };
  }

  /** Where what became of the cluster's effects is posted. */
  Inbox answers() {
    return Leading.inbox(proposer::propose);
  }

  /** By what this node knows now. Any thread. */
  boolean leads() {
    return ledger.lead().own();
  }

  /** Who is told, on any thread, that only another process can vote with what this node holds. */
  void onHung(Runnable listener) {
    hung = listener;
  }

  /** Who is told of nodes that will not come back. Before the loop runs; must return quickly. */
  void onForgotten(Consumer<String> listener) {
    ledger.listen(
        new Ledger.Listener() {
          @Override
          public void applied(long after, ClusterEntry entry, ClusterStep step) {
            ClusterEvent event =
                entry.event() instanceof ClusterEvent.Wished w ? w.wish() : entry.event();
            if (event instanceof ClusterEvent.Forgotten forgotten
                && !step.state().nodes().containsKey(forgotten.node())) {
              listener.accept(forgotten.node());
            }
          }
        });
  }

  /** The parts of the loop, before it runs. */
  void convene(
      Leading.Outside outside,
      LeaseLine line,
      Replicas replicas,
      Belonging.Outside told,
      Tenancy.Home home,
      Footing footing) {
    String id = HexFormat.of().toHexDigits(random.nextLong());
    long pid = ProcessHandle.current().pid();
    Leading.Self self = new Leading.Self(node, pid, id, this::founders);
    LossJudge.Senses senses = new LossJudge.Senses(line, replicas, bus, times());
    judge = new LossJudge(node, ledger, proposer::proposeAsLeader, senses, this::wake);
    line.listen(judge);
    TreeFeed feed = new TreeFeed(ledger, bus, this::wake);
    TreeFollower follower = new TreeFollower(first, ledger, bus);
    if (founding != null) {
      loop.add(founding, Subject.FOUNDING);
    }
    loop.add(electorate, Subject.SEAT);
    loop.add(proposer, Subject.PROPOSAL);
    loop.add(new Reunions(seat::met));
    loop.add(new TreeSide(feed, follower, () -> seat.consensus() != null), Subject.CLUSTER_TREE);
    loop.add(new Leading(self, ledger, proposer::propose, outside, this::wake));
    loop.add(judge, Subject.INQUIRY);
    loop.add(fencer(line), Subject.FENCE);
    Mourner mourner = new Mourner(ledger, proposer::propose, line, this::wake);
    line.obituaries(
        (dead, incarnation, all) -> {
          succeed(dead, incarnation);
          mourner.ended(dead, incarnation, all);
        });
    loop.add(mourner);
    tenancy = new Tenancy(node, ledger, proposer::propose, home, footing, this::wake);
    loop.add(tenancy);
    groups = new GroupWarden(node, ledger, proposer::propose, home.requests(), this::wake);
    loop.add(groups);
    loop.add(new ChairWarden(ledger, proposer::propose, ticker, this::wake));
    bailiff = new Bailiff(ledger, proposer::propose, line, fencing, this::wake);
    loop.add(bailiff);
    loop.add(admission);
    loop.add(desk);
    loop.add(roll);
    belonging = new Belonging(ledger, proposer::propose, line, told, this::wake);
    loop.add(belonging);
  }

  /** An old word, which anybody may repeat, ends nobody's term. */
  private void succeed(String dead, long incarnation) {
    Node known = ledger.state().nodes().get(dead);
    if (known != null && known.incarnation() == incarnation) {
      seat.mourn(dead);
    }
  }

  private LeaseTimes times() {
    return new LeaseTimes(terms.lease());
  }

  private Fencer fencer(LeaseLine line) {
    return new Fencer(
        new Fencer.Self(node, times()),
        ledger,
        proposer::propose,
        new Fencer.Senses(line, line, bus),
        ticker,
        this::wake);
  }

  /** Votes from now on, if it is to vote at all, as soon as it can. */
  void begin() {
    seat.start();
  }

  /** More may be known of the other voters. */
  void look() {
    seat.look();
  }

  /** What this node runs for the cluster; from the reign on. */
  Tenancy tenancy() {
    return tenancy;
  }

  /** True if changes of the node's own tree matter to the cluster; from the reign on. */
  boolean isConcerned() {
    return tenancy.isConcerned() || groups.isConcerned();
  }

  /** The voters have removed this node; see {@link Seat#leave}. */
  void leaveSeat(Runnable done) {
    seat.leave(done);
  }

  Admission admission() {
    return admission;
  }

  /** What clients are offered beyond this node. */
  Cluster offered(Replicas replicas, RemoteProcesses processes, Bond bond) {
    return new Cluster(roll, replicas, processes, desk, ledger::state, bond::leftNanos);
  }

  ClusterState state() {
    return ledger.state();
  }

  /** By name; as this node was told until it knows better. */
  List<String> voters() {
    List<String> known = List.copyOf(ledger.state().voters().keySet());
    return known.isEmpty() ? first : known;
  }

  /** What an operator should know, each with what to do. */
  List<String> notices() {
    String fault = ledger.fault();
    Bailiff known = bailiff;
    LossJudge judging = judge;
    Stream<String> power = known == null ? Stream.empty() : known.notices().stream();
    Stream<String> losses = judging == null ? Stream.empty() : judging.notices().stream();
    Stream<String> own =
        Stream.of(
            missing(),
            seat.trouble(),
            admission.notice(),
            tenancy == null ? "" : tenancy.notice(),
            fault.isEmpty() ? "" : "this node knows no more of its cluster: " + fault);
    Stream<String> advice = Advice.of(ledger.state(), node, terms).stream();
    return Stream.of(own, power, losses, advice).flatMap(s -> s).filter(n -> !n.isEmpty()).toList();
  }

  /** Why its vote does not count although it should; empty: it does, or need not. */
  private String missing() {
    ClusterState known = ledger.state();
    boolean counted =
        known.id().isEmpty() ? first.contains(node) : known.voters().containsKey(node);
    Belonging now = belonging;
    String why = counted && seat.consensus() == null ? candidacy.notice() : "";
    return !why.isEmpty() || !counted || now == null || now.isReady()
        ? why
        : "this node's voter is still catching up; stop no other voter before it has";
  }

  private List<ClusterEvent.Voter> founders() {
    return seat.founders().stream().map(Council::voter).toList();
  }

  private static ClusterEvent.Voter voter(Consensus.Voter v) {
    return new ClusterEvent.Voter(v.node(), v.address());
  }

  /** Has the cluster thread look again. */
  void wake() {
    loop.post(() -> {});
  }

  /** Says goodbye, waits for that to be committed, and votes no more. */
  @Override
  public void close() {
    try {
      admission.leave(GOODBYE).get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "no majority of the voters has heard that this node stops; it may be taken for lost");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    seat.close();
  }
}

package io.hamlet.agent.cluster;

import io.hamlet.agent.config.ClusterConfig;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.lease.VoterSet;
import io.hamlet.core.model.EntryId;
import io.hamlet.core.model.Moment;
import io.hamlet.core.recovery.HamState;
import io.hamlet.manager.api.Cluster;
import io.hamlet.manager.cluster.BusConfig;
import io.hamlet.manager.cluster.JGroupsBus;
import io.hamlet.manager.errand.Errands;
import io.hamlet.manager.lease.LeaseKey;
import io.hamlet.manager.lease.LeaseSocket;
import io.hamlet.manager.log.LogJournal;
import io.hamlet.manager.log.Mark;
import io.hamlet.manager.log.ReignId;
import io.hamlet.manager.member.AtHome;
import io.hamlet.manager.member.Founding;
import io.hamlet.manager.member.Leading;
import io.hamlet.manager.member.Tenancy;
import io.hamlet.manager.port.AckLevels;
import io.hamlet.manager.port.ActivityLog;
import io.hamlet.manager.port.Courier;
import io.hamlet.manager.port.Fencing;
import io.hamlet.manager.port.Inbox;
import io.hamlet.manager.port.Journal;
import io.hamlet.manager.port.Member;
import io.hamlet.manager.port.Notifier;
import io.hamlet.manager.port.Requests;
import io.hamlet.manager.port.Right;
import io.hamlet.manager.port.Subject;
import io.hamlet.manager.port.Ticker;
import io.hamlet.manager.replica.Copies;
import io.hamlet.manager.replica.HomeDirectory;
import io.hamlet.manager.replica.Homecoming;
import io.hamlet.manager.replica.NameTaken;
import io.hamlet.manager.replica.Replication;
import io.hamlet.manager.tls.KeyFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This manager as a part of its cluster: as a Guardian a member of the bus that shows that it is
 * there, and no more; from the reign on also the thread that serves the cluster. Nothing here ever
 * holds up the node's own work. Thread-safe.
 */
public final class ClusterNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final NodeConfig config;
  private final ClusterConfig cluster;
  private final KeyFiles keys;
  private final JGroupsBus bus;
  private final Sites sites = new Sites();
  private final LeaseLine line;
  private final Bond bond;
  private final PapersFile papers;
  private final OwnHello own;
  private final WayHome wayHome;
  private volatile ClusterThread thread;
  private volatile Errands errands;
  private volatile Copies copies;
  private volatile Replication replication;
  private volatile ClusterThread serving;
  private volatile Council council;
  private volatile Leading.Outside outside;
  private volatile Application application;
  private volatile Requests requests;
  private volatile Inbox inbox;
  private final AtomicBoolean rung = new AtomicBoolean();
  private volatile Fencing fencing = Fencing.NONE;

  private ClusterNode(NodeConfig config, Member self, Supplier<Moment> clock, boolean fresh)
      throws IOException {
    this.config = config;
    this.cluster = config.cluster().orElseThrow();
    this.keys = Candidacy.keys(config);
    this.papers = new PapersFile(config.places().state(), cluster, fresh);
    BusConfig place = BusPlace.of(cluster);
    LeaseKey key = LeaseKey.of(place.key() == null ? new byte[0] : place.key(), cluster.name());
    LeaseTimes times = papers.times();
    long grace = papers.now().terms().grace();
    LongSupplier bootNanos = () -> clock.get().bootNanos();
    this.line =
        new LeaseLine(
            cluster.bind(), new LeaseSocket.Setting(config.node(), key, times, clock), sites);
    this.bond = new Bond(config.node(), line, times, grace, bootNanos, () -> council, sites);
    // The bus is made with these two, so they find it only when they need it.
    this.own = new OwnHello(config, papers, self, hello -> bus().announce(hello));
    this.wayHome = new WayHome(config, voters(), own);
    Ears ears =
        new Ears(
            config.node(),
            sites,
            line,
            bond,
            wayHome,
            () -> bus().hellos(),
            () -> thread,
            () -> council);
    this.bus = new JGroupsBus(place, own.now(), bootNanos, ears);
    papers.now().voters().forEach(sites::voter);
    line.voters(new VoterSet(0, voters()));
  }

  /** For what is made before it. */
  private JGroupsBus bus() {
    return bus;
  }

  /**
   * A member to be. Null for a node in no cluster, and for one that cannot be in its cluster, which
   * is told in the log: it cares for its own entities anyway.
   *
   * @param clock of this host; any thread
   * @param fresh the node starts; a takeover is none
   */
  private static ClusterNode of(
      NodeConfig config, Member.Role role, Supplier<Moment> clock, boolean fresh) {
    if (config.cluster().isEmpty()) {
      return null;
    }
    Member self = new Member(config.node(), role, ProcessHandle.current().pid(), 0, "");
    try {
      return new ClusterNode(config, self, clock, fresh);
    } catch (IOException e) {
      LOG.error("this node is without its cluster: {}", e.getMessage());
      return null;
    }
  }

  /** A member that acts; its bus opens with its {@link #reign}. */
  public static ClusterNode ofHam(NodeConfig config, Supplier<Moment> clock) {
    return of(config, Member.Role.HAM, clock, true);
  }

  /** The same, in the place of one that has died. */
  public static ClusterNode ofSuccessor(NodeConfig config, Supplier<Moment> clock) {
    return of(config, Member.Role.HAM, clock, false);
  }

  /** A member that stands by. Its bus opens at once. */
  public static ClusterNode ofGuardian(NodeConfig config, Supplier<Moment> clock) {
    ClusterNode node = of(config, Member.Role.GUARDIAN, clock, false);
    if (node != null) {
      // A takeover may be needed before the bus is open, and nobody must think of a loss then.
      if (node.papers.now().joined()) {
        node.line.guard(node.papers.now().incarnation());
      }
      node.line.open();
      node.bus.start();
    }
    return node;
  }

  /**
   * Who carries the errands of the node's own tree from the reign on; before that.
   *
   * @param notifiers of this host, whose answers go to that inbox; any thread
   */
  public Courier courier(
      Errands.Own here, Ticker ticker, Function<Inbox, Notifier> notifiers, ActivityLog log) {
    serving = new ClusterThread(ticker);
    errands = new Errands(here, bus, ticker, this::ring);
    List<String> first = voters();
    Founding founding = FounderBook.founding(config, first, bus, this::look);
    // A removal that this node has not learned of yet comes before it is asked again.
    BooleanSupplier ready = () -> !papers.now().voters().containsKey(config.node());
    application = new Application(config, here.boot(), papers, own, bond, () -> council);
    council =
        new Council(
            config,
            papers.now().terms(),
            first,
            new Candidacy(config, keys, first, founding, sites),
            founding,
            ready,
            fencing,
            application,
            bus,
            serving.loop(),
            ticker);
    inbox = here.inbox();
    Inbox answers = council.answers();
    Courier others = errands.ofCluster(answers, council::leads);
    AtHome courier = new AtHome(config.node(), here.boot(), others, here.inbox(), answers);
    outside = new Leading.Outside(courier, notifiers.apply(answers), log);
    return courier.around(errands.ofNode());
  }

  /** How other nodes are turned off; before {@link #courier}. */
  public void power(Fencing how) {
    fencing = how;
  }

  private void look() {
    Optional.ofNullable(council).ifPresent(Council::look);
  }

  private List<String> voters() {
    return cluster.voters().isEmpty() ? List.of(config.node()) : cluster.voters();
  }

  /**
   * Asks the other voters for the longest copy of this node's tree, before the reign: what is here
   * may be less. Opens the bus, as one that stands by.
   *
   * @param limit for them to answer
   */
  public Homecoming.Outcome comeHome(ReignId reign, Mark end, LongSupplier clock, Duration limit)
      throws IOException, InterruptedException, NameTaken {
    return wayHome.seek(bus, reign, end, clock, limit);
  }

  /** How far the node's log gets, on its own disk and on others; before the reign. */
  public AckLevels levels(Journal journal) {
    copies = new Copies(config.node(), journal, council::voters);
    return copies;
  }

  /**
   * Feeds the replicas of the node's tree from the reign on, and keeps those of other trees; before
   * that, and behind {@link #levels}.
   *
   * @param state that the reign begins with
   */
  public void replicate(LogJournal journal, HamState state, Requests requests, Ticker ticker) {
    this.requests = requests;
    Path live = config.places().memory().resolve("log");
    Path disk = config.places().state();
    replication =
        new Replication(
            new Replication.Config(config.node(), live, disk, HomeDirectory.replicas(disk)),
            bus,
            copies,
            council::voters,
            state,
            requests,
            ticker);
    journal.onAppend(this::appended);
    journal.onFlush(replication::flush);
  }

  /** Core thread. */
  private void appended(HamState state) {
    replication.appended(state);
    if (thread != null && council.isConcerned() && !rung.getAndSet(true)) {
      thread.loop().post(() -> rung.set(false));
    }
  }

  /** Whether this node may start what the cluster granted it. */
  public Right right() {
    return bond.right();
  }

  /** It starts, and does not go on in the place of another; from the reign on. */
  public boolean isNew() {
    return !papers.now().joined();
  }

  /**
   * What an earlier start of this node ran for the cluster has been ended. Any thread.
   *
   * @param why something could not be, and this node waits; null: nothing is left
   */
  public void evicted(String why) {
    bond.evicted(why);
    ring();
  }

  /** Before the reign: who is told, on any thread, that only another process can vote for it. */
  public void onHung(Runnable listener) {
    council.onHung(listener);
  }

  /** What is to be given a leash before the reign. */
  public Bond bond() {
    return bond;
  }

  private void ring() {
    serving.loop().post(() -> {});
  }

  /**
   * Acts from now on.
   *
   * @param first id of the first entry of the reign
   */
  public void reign(EntryId first, Ticker ticker) {
    boolean stoodBy = own.now().member().role() == Member.Role.GUARDIAN;
    papers.readAgain();
    Standing standing = standing();
    Belonging.Outside told = new Belonging.Outside(standing::voted, standing::founded);
    serving.loop().addDirect(errands, Subject.ERRAND);
    serving.loop().addDirect(replication, Subject.REPLICA);
    long known = papers.now().joined() ? papers.now().incarnation() : 0;
    // Who took over goes on with the right of the one before, whose end only the leash knows: that
    // fires in time if it was sooner.
    long until = ticker.now().bootNanos() + papers.times().suspicion();
    Duration grace = Duration.ofNanos(papers.now().terms().grace());
    Tenancy.Home here = new Tenancy.Home(requests, inbox, known, until, grace);
    council.onForgotten(replication::forget);
    council.convene(outside, line, replication, told, here, bond.footing());
    line.onMove(this::leaseMoved);
    replication.start();
    replication.offers().submit(wayHome.outcome().surplus());
    own.act(known, first.epoch());
    line.open();
    if (known > 0) {
      line.reign(known, first.epoch());
      bond.begin(known);
    }
    council.admission().onJoined(standing::joined);
    serving.start();
    thread = serving;
    own.announce();
    if (stoodBy) {
      // Who is there was told to a Guardian that did not mind.
      serving.loop().viewChanged(bus.view());
    } else {
      bus.start();
    }
    council.begin();
  }

  private Standing standing() {
    return new Standing(
        config.node(), papers, own, sites, line, bond, council, replication, bus, serving.loop());
  }

  /** Lease thread. */
  private void leaseMoved() {
    bond.follow();
    if (council.tenancy().isConcerned() && thread != null) {
      ring();
    }
  }

  /** Nothing of the cluster can be run here: the others are told so. Before the reign. */
  public void withoutRoom() {
    application.withoutRoom();
  }

  /**
   * Tells the others where this manager serves them.
   *
   * @param port of its API; -1: it serves only its own host
   */
  public void serves(int port) {
    application.served();
    ring();
    own.serves(port);
  }

  /** What clients are offered beyond this node. */
  public Cluster offered() {
    return council.offered(replication, errands, bond);
  }

  /** What an operator should know, each with what to do. */
  public List<String> notices() {
    List<String> all = new ArrayList<>(bus.notices());
    all.addAll(line.notices());
    if (council != null) {
      all.addAll(council.notices());
    }
    all.addAll(bond.notices());
    if (replication != null) {
      all.addAll(replication.notices());
    }
    return all;
  }

  /** Leaves in good order. */
  @Override
  public void close() {
    if (council != null) {
      council.close();
    }
    bond.close();
    line.close();
    if (replication != null) {
      replication.close();
    }
    bus.close();
    if (thread != null) {
      thread.stop(GRACE);
    }
  }
}
